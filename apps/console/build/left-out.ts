import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const PART = fileURLToPath(new URL('left-out-part.ts', import.meta.url))

/**
 * What antd's modules import and nothing of ours makes them use: by the module that asks, what it asks for, and what it is
 * given. Together they were 35 KB, after gzip, of every first visit.
 */
const LEFT_OUT: readonly { importer: string; source: string; instead: string }[] = [
  // Columns are filtered from the toolbar of a list, by the server: no drop-down, with its tree and its search.
  { importer: '/antd/es/table/hooks/useFilter/index.js', source: './FilterDropdown', instead: PART },
  // Rows are ticked with boxes; a table with radio buttons there is not.
  { importer: '/antd/es/table/hooks/useSelection.js', source: '../../radio', instead: PART },
  // Inputs want one context of the form, not the form and its validator. Our forms edit a YAML document.
  {
    importer: '/antd/es/form/context.js',
    source: '@rc-component/form',
    instead: '@rc-component/form/es/FormContext',
  },
]

/** Leaves unused parts of antd out of the bundle. */
export function leftOut(): Plugin {
  return {
    name: 'meshdeck-left-out',
    enforce: 'pre',
    resolveId(source, importer) {
      const found = LEFT_OUT.find((each) => each.source === source && importer?.endsWith(each.importer))
      if (found === undefined) return undefined
      return found.instead === PART ? PART : this.resolve(found.instead, importer)
    },
  }
}
