import { defineKind } from '../kind-definition.ts'

export const configMap = defineKind({
  id: 'ConfigMap',
  kind: 'ConfigMap',
  group: '',
  version: 'v1',
  plural: 'configmaps',
  path: 'config-maps',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [],
})
