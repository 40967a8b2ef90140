import { MESHDECK_NAMESPACE, type Cluster, type Mesh } from '@meshdeck/kube'
import { createReflector, type Reflector, type ResourceClient } from '@meshdeck/kube-client'
import { authoritySecretName } from '../trust/keep-authority.ts'

export interface HubSecretsOptions {
  hub: ResourceClient
  meshes: () => readonly Mesh[]
  clusters: () => readonly Cluster[]
  /** The authority of a mesh was changed, or is gone. */
  onAuthority: (mesh: string) => void
  /** The credential of a cluster was changed, or is gone. */
  onCredential: (cluster: string) => void
}

/** Follows the Secrets of the hub that meshes and clusters are made from; their content stays there. */
export function followHubSecrets(options: HubSecretsOptions): Reflector {
  return createReflector({
    client: options.hub,
    kind: 'Secret',
    namespace: MESHDECK_NAMESPACE,
    metadataOnly: true,
    onEvent: ({ type, object }) => {
      const { name } = object.metadata
      for (const mesh of options.meshes()) {
        if ((mesh.spec.trust?.secretRef?.name ?? authoritySecretName(mesh)) === name)
          options.onAuthority(mesh.metadata.name)
      }
      // One that has just come is read by whoever waits for it.
      if (type === 'added') return
      for (const { spec, metadata } of options.clusters()) {
        if (spec.access.secretRef?.name === name) options.onCredential(metadata.name)
      }
    },
  })
}
