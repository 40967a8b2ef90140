import type { CreateTlsSecret, TlsSecretUser, TlsSecretView } from '@meshdeck/contract'
import { isRecord, type KubeResource } from '@meshdeck/kube'
import { inspectMaterial, type TlsMaterial } from './inspect-material.ts'

/** Where the parts lie in a Secret. Source: Istio, `ExtractCertInfo` in pilot/pkg/credentials/kube. */
const FORMS = {
  generic: { certificate: 'cert', key: 'key', authority: 'cacert' },
  tls: { certificate: 'tls.crt', key: 'tls.key', authority: 'ca.crt' },
} as const satisfies Record<string, Record<keyof TlsMaterial, string>>
const PARTS = ['certificate', 'key', 'authority'] as const

export const TLS_SECRET_TYPES = ['kubernetes.io/tls', 'Opaque'] as const

type Form = (typeof FORMS)[keyof typeof FORMS]

/** How a Secret is written that a gateway can use; absent when it is none. */
function formOf(secret: KubeResource): Form | undefined {
  if (secret['type'] === 'kubernetes.io/tls') return FORMS.tls
  const data = isRecord(secret['data']) ? secret['data'] : {}
  return [FORMS.generic, FORMS.tls].find(
    (form) => (form.certificate in data && form.key in data) || (form.authority in data && !(form.key in data)),
  )
}

/** Whether a gateway could serve or call with it. */
export const isTlsSecret = (secret: KubeResource): boolean => formOf(secret) !== undefined

/** What is in a TLS Secret. For the server alone: it holds the key. */
export function materialOf(secret: KubeResource): TlsMaterial {
  const form = formOf(secret) ?? FORMS.tls
  const data = isRecord(secret['data']) ? secret['data'] : {}
  return Object.fromEntries(
    PARTS.flatMap((part) => {
      const value = data[form[part]]
      return typeof value === 'string' ? [[part, Buffer.from(value, 'base64').toString('utf8')]] : []
    }),
  )
}

/** A Secret as it may be shown. */
export function toTlsSecretView(
  cluster: string,
  secret: KubeResource,
  users: readonly TlsSecretUser[],
  now: Date,
): TlsSecretView {
  const material = materialOf(secret)
  const { tidy: _, ...inspection } = inspectMaterial(material, now)
  const { namespace = '', name, labels = {}, creationTimestamp, resourceVersion } = secret.metadata
  return {
    cluster,
    namespace,
    name,
    type: typeof secret['type'] === 'string' ? secret['type'] : 'Opaque',
    hasKey: material.key !== undefined,
    ...inspection,
    users: [...users],
    labels,
    ...(creationTimestamp === undefined ? {} : { created: creationTimestamp }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  }
}

/** A new Secret; with authorities alone it is none of Kubernetes' TLS type, which wants a key. */
export function toTlsSecret({ namespace, name, labels }: CreateTlsSecret, material: TlsMaterial): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name, ...(labels === undefined ? {} : { labels }) },
    type: material.key === undefined ? 'Opaque' : 'kubernetes.io/tls',
    data: encode(FORMS.tls, material),
  }
}

/** A merge patch that puts new parts where the old ones lie; what else is in the Secret stays. */
export function toTlsSecretPatch(
  secret: KubeResource,
  resourceVersion: string,
  material: TlsMaterial,
): { metadata: { resourceVersion: string }; data: Record<string, string> } {
  return { metadata: { resourceVersion }, data: encode(formOf(secret) ?? FORMS.tls, material) }
}

function encode(form: Form, material: TlsMaterial): Record<string, string> {
  return Object.fromEntries(
    PARTS.flatMap((part) => {
      const text = material[part]
      return text === undefined ? [] : [[form[part], Buffer.from(text).toString('base64')]]
    }),
  )
}
