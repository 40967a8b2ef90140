import { defineKind } from '../kind-definition.ts'

/** A cluster of the container platform (kpanda). */
export const kpandaCluster = defineKind({
  id: 'KpandaCluster',
  kind: 'Cluster',
  group: 'cluster.kpanda.io',
  version: 'v1alpha1',
  plural: 'clusters',
  path: 'kpanda-clusters',
  namespaced: false,
  category: 'core',
  access: 'read',
  home: 'hub',
  watched: false,
  columns: [],
})
