import { recordAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Cluster } from '../api/cluster.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'

const EMPTYING_MS = 500

/**
 * Gives namespaces what each has, and empties those that are to be deleted.
 *
 * @param finalize ends a namespace in which nothing is left.
 */
export function startNamespaces(
  context: ControllerContext,
  authority: string,
  finalize: Cluster['finalizeNamespace'],
): () => void {
  const { api } = context
  const { again, stop } = reconcileEach(context, 'namespace', 'namespaces', (namespace) => {
    const { name } = namespace.metadata
    if (namespace.metadata.deletionTimestamp !== undefined) {
      if (empty(context, name)) finalize({ ...namespace, spec: { ...recordAt(namespace, 'spec'), finalizers: [] } })
      else again(undefined, name, EMPTYING_MS)
      return
    }
    for (const { resource, object } of belongings(name, authority)) {
      if (api.get(resource, name, object.metadata.name) === undefined) api.create(resource, object)
    }
  })
  const stopAccounts = api.watch('serviceaccounts', ({ type, object }) => {
    if (type === 'DELETED') again(undefined, object.metadata.namespace ?? '')
  })
  return () => {
    stop()
    stopAccounts()
  }
}

function belongings(namespace: string, authority: string): readonly { resource: string; object: KubeObject }[] {
  return [
    {
      resource: 'serviceaccounts',
      object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
    },
    {
      resource: 'configmaps',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace },
        data: { 'ca.crt': authority },
      },
    },
  ]
}

/** Deletes all that is in a namespace; says whether nothing is left. */
function empty({ api }: ControllerContext, namespace: string): boolean {
  let left = 0
  for (const { key, namespaced } of api.resources()) {
    if (!namespaced) continue
    for (const { metadata } of api.list(key, namespace)) {
      if (metadata.deletionTimestamp === undefined)
        api.delete(key, namespace, metadata.name, { propagation: 'Background' })
    }
    left += api.list(key, namespace).length
  }
  return left === 0
}
