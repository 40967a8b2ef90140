import { mount } from './mount.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

// The server writes its base path into <base href>.
mount(root, {
  basePath: new URL(document.baseURI).pathname,
  onTitle: (title) => {
    document.title = title
  },
})
