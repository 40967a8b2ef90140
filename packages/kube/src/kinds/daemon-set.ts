import { column, defineKind } from '../kind-definition.ts'

export const daemonSet = defineKind({
  id: 'DaemonSet',
  kind: 'DaemonSet',
  group: 'apps',
  version: 'v1',
  plural: 'daemonsets',
  path: 'daemon-sets',
  namespaced: true,
  category: 'core',
  access: 'full',
  home: 'cluster',
  watched: true,
  workload: true,
  columns: [column.text('desired', 'status.desiredNumberScheduled'), column.text('ready', 'status.numberReady')],
})
