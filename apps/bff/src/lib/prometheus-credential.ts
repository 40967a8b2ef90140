import type { PrometheusCredential } from '@meshdeck/contract'
import { MESHDECK_NAMESPACE, type Cluster, type KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type PrometheusSecret, type ResourceClient } from '@meshdeck/kube-client'

/** The keys of the Secret by the members of what is typed. */
export const SECRET_KEYS = {
  token: 'token',
  username: 'username',
  password: 'password',
  certificate: 'tls.crt',
  key: 'tls.key',
  authority: 'ca.crt',
} as const satisfies Record<keyof PrometheusCredential, keyof PrometheusSecret>

/** What was typed as its Secret holds it; undefined when nothing was. */
export function toSecret(credential: PrometheusCredential): PrometheusSecret | undefined {
  const entries = Object.entries(SECRET_KEYS).flatMap(([member, key]) => {
    const text = credential[member as keyof PrometheusCredential]?.trim()
    return text === undefined || text === '' ? [] : [[key, text] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Writes the Secret of a cluster's Prometheus, and gives its name. It goes when the Cluster does. */
export async function writePrometheusSecret(
  hub: ResourceClient,
  { metadata }: Cluster,
  secret: PrometheusSecret,
): Promise<string> {
  const name = `prometheus-${metadata.name}`
  const data = Object.fromEntries(
    Object.entries(secret).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  )
  const wanted: KubeResource = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: MESHDECK_NAMESPACE,
      labels: { 'meshdeck.io/cluster': metadata.name },
      ...(metadata.uid === undefined
        ? {}
        : {
            ownerReferences: [
              { apiVersion: 'meshdeck.io/v1alpha1', kind: 'Cluster', name: metadata.name, uid: metadata.uid },
            ],
          }),
    },
    type: 'Opaque',
    data,
  }
  try {
    await hub.create('Secret', wanted)
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 409) throw error
    const present = await hub.get('Secret', { namespace: MESHDECK_NAMESPACE, name })
    await hub.replace('Secret', { ...present, data })
  }
  return name
}
