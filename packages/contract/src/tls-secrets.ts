import { LABEL_PATTERN, SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { ChangeReason } from './change-reason.ts'
import { ClusterFailure } from './problem.ts'
import { ListQuery, MeshParams } from './resources.ts'
import { TLS_FAULTS, TLS_NOTES, TLS_STATES, type TlsFaultCode } from './tls-codes.ts'

/** What a certificate says of itself; all of it is public. */
export const CertificateFacts = Type.Object({
  subject: Type.String({ description: 'Distinguished name, parts separated by commas.' }),
  names: Type.Array(Type.String(), { description: 'Subject alternative names: hosts, addresses, URIs.' }),
  issuer: Type.String(),
  serial: Type.String(),
  fingerprint: Type.String({ description: 'SHA-256.' }),
  notBefore: Type.String(),
  notAfter: Type.String(),
  isAuthority: Type.Boolean(),
  isSelfSigned: Type.Boolean(),
  keyType: Type.String({ description: '`RSA 2048`, `EC prime256v1`, `ed25519`.' }),
})
export type CertificateFacts = Static<typeof CertificateFacts>

const TlsFault = Type.Object({
  code: Type.Enum(TLS_FAULTS),
  /** Place of the certificate in its text, from 1. */
  at: Type.Optional(Type.Integer()),
})
export type TlsFault = { code: TlsFaultCode; at?: number }

/** A place in configuration that names the Secret. */
export const TlsSecretUser = Type.Object({
  cluster: Type.String(),
  kind: Type.Union([Type.Literal('Gateway'), Type.Literal('DestinationRule'), Type.Literal('K8sGateway')]),
  namespace: Type.String(),
  name: Type.String(),
  path: Type.String({ description: 'Field: `spec.servers[0].tls.credentialName`.' }),
  refused: Type.Optional(
    Type.Boolean({ description: 'The Secret is of another namespace, and no ReferenceGrant allows that.' }),
  ),
})
export type TlsSecretUser = Static<typeof TlsSecretUser>

/** A Secret that gateways can serve or call with. It holds no private key, and nothing made from one. */
export const TlsSecretView = Type.Object({
  cluster: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  type: Type.String({ description: '`kubernetes.io/tls` or `Opaque`.' }),
  hasKey: Type.Boolean({ description: 'False: it holds authorities alone, to check others by.' }),
  state: Type.Enum(TLS_STATES),
  notAfter: Type.Optional(Type.String({ description: 'The earliest end of what it holds.' })),
  chain: Type.Array(CertificateFacts, { description: "The holder's own certificate first." }),
  authorities: Type.Array(CertificateFacts, { description: 'Those that the other side is checked by.' }),
  faults: Type.Array(TlsFault),
  notes: Type.Array(Type.Enum(TLS_NOTES)),
  users: Type.Array(TlsSecretUser),
  labels: Type.Record(Type.String(), Type.String()),
  created: Type.Optional(Type.String()),
  resourceVersion: Type.Optional(Type.String()),
})
export type TlsSecretView = Static<typeof TlsSecretView>

export const TlsSecretQuery = Type.Object(
  {
    ...ListQuery.properties,
    state: Type.Optional(Type.String({ maxLength: 64, description: 'States, separated by commas.' })),
  },
  { additionalProperties: false },
)

export const TlsSecretPage = Type.Object({
  items: Type.Array(TlsSecretView),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  hidden: Type.Array(Type.String(), {
    description: 'Kinds of which the caller does not see everything, so that users may be missing.',
  }),
  failures: Type.Array(ClusterFailure),
})
export type TlsSecretPage = Static<typeof TlsSecretPage>

export const TlsSecretDetail = Type.Object({ secret: TlsSecretView, hidden: TlsSecretPage.properties.hidden })
export type TlsSecretDetail = Static<typeof TlsSecretDetail>

export const TlsSecretParams = Type.Object({
  ...MeshParams.properties,
  cluster: Type.String({ pattern: SUBDOMAIN_PATTERN }),
  namespace: Type.String({ pattern: LABEL_PATTERN }),
  name: Type.String({ pattern: SUBDOMAIN_PATTERN }),
})

/** A Secret holds up to 1 MiB in all. */
const Pem = Type.String({ maxLength: 262_144 })

/** What is put into a Secret. Keys go this way only: no answer holds one. */
const Material = {
  certificate: Type.Optional(Pem),
  key: Type.Optional(Pem),
  authority: Type.Optional(Pem),
}

export const CreateTlsSecret = Type.Object(
  {
    cluster: Type.String({ pattern: SUBDOMAIN_PATTERN }),
    namespace: Type.String({ pattern: LABEL_PATTERN }),
    name: Type.String({ pattern: SUBDOMAIN_PATTERN }),
    labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    reason: ChangeReason,
    ...Material,
  },
  { additionalProperties: false },
)
export type CreateTlsSecret = Static<typeof CreateTlsSecret>

/** A part that is left out stays as it is. */
export const ReplaceTlsSecret = Type.Object(
  { resourceVersion: Type.String({ maxLength: 64 }), reason: ChangeReason, ...Material },
  { additionalProperties: false },
)
export type ReplaceTlsSecret = Static<typeof ReplaceTlsSecret>

export const DryRunQuery = Type.Object({ dryRun: Type.Optional(Type.Literal('All')) }, { additionalProperties: false })

export const DeleteTlsSecretQuery = Type.Object(
  {
    resourceVersion: Type.Optional(Type.String({ maxLength: 64 })),
    force: Type.Optional(Type.Boolean({ default: false, description: 'Even though something uses it.' })),
    reason: ChangeReason,
  },
  { additionalProperties: false },
)
