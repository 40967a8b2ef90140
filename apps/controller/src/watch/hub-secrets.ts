import { MESHDECK_NAMESPACE, type Mesh } from '@meshdeck/kube'
import { createReflector, type Reflector, type ResourceClient } from '@meshdeck/kube-client'
import { authoritySecretName } from '../trust/keep-authority.ts'

export interface HubSecretsOptions {
  hub: ResourceClient
  meshes: () => readonly Mesh[]
  /** The authority of a mesh was changed, or is gone. */
  onAuthority: (mesh: string) => void
}

/** Follows the Secrets of the hub that meshes are made from; their content stays there. Credentials are the registry's. */
export function followHubSecrets(options: HubSecretsOptions): Reflector {
  return createReflector({
    client: options.hub,
    kind: 'Secret',
    namespace: MESHDECK_NAMESPACE,
    metadataOnly: true,
    onEvent: ({ object }) => {
      const { name } = object.metadata
      for (const mesh of options.meshes()) {
        if ((mesh.spec.trust?.secretRef?.name ?? authoritySecretName(mesh)) === name)
          options.onAuthority(mesh.metadata.name)
      }
    },
  })
}
