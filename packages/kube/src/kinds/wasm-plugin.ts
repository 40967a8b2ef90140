import { column, defineKind } from '../kind-definition.ts'

export const wasmPlugin = defineKind({
  id: 'WasmPlugin',
  kind: 'WasmPlugin',
  group: 'extensions.istio.io',
  version: 'v1alpha1',
  plural: 'wasmplugins',
  path: 'wasm-plugins',
  namespaced: true,
  category: 'extensions',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('url', 'spec.url'), column.text('phase', 'spec.phase')],
})
