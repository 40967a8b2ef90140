import { defineKind } from '../kind-definition.ts'

export const serviceAccount = defineKind({
  id: 'ServiceAccount',
  kind: 'ServiceAccount',
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  path: 'service-accounts',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: true,
  columns: [],
})
