import { defineKind } from '../kind-definition.ts'

/** Source: https://github.com/kubernetes/enhancements/tree/master/keps/sig-multicluster/4322-cluster-inventory */
export const clusterProfile = defineKind({
  id: 'ClusterProfile',
  kind: 'ClusterProfile',
  group: 'multicluster.x-k8s.io',
  version: 'v1alpha1',
  plural: 'clusterprofiles',
  path: 'cluster-profiles',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'hub',
  watched: false,
  columns: [],
})
