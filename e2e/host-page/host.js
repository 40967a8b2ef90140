// oxlint-disable-next-line import/no-absolute-path -- where the BFF serves the console's module
import { mount, unmount } from '/meshdeck.js'

const container = document.getElementById('console')
const props = {
  basePath: '/',
  locale: 'en-US',
  theme: 'light',
  onNavigate: (path) => {
    document.documentElement.dataset.path = path
  },
}
const onClick = (id, action) => document.getElementById(id).addEventListener('click', action)

onClick('mount', () => mount(container, props))
onClick('unmount', () => unmount(container))
onClick('dark-chinese', () => mount(container, { ...props, locale: 'zh-CN', theme: 'dark' }))
mount(container, props)
