import type { ClusterConnection } from './connection.ts'
import type { Identity } from './identity.ts'

/** What is asked in an access review; the fields of `resourceAttributes`. Source: authorization.k8s.io/v1. */
export interface AccessAttributes {
  verb: string
  /** Empty for the core group; `*` for all. */
  group: string
  resource: string
  version?: string
  subresource?: string
  /** Absent asks for all namespaces (or a cluster-scoped kind). */
  namespace?: string
  name?: string
}

export interface AccessDecision {
  allowed: boolean
  /** The authoriser's words; may be empty. */
  reason: string
}

export type TokenReviewResult =
  | { authenticated: true; user: { username: string; uid?: string; groups: string[]; extra: Record<string, string[]> } }
  | { authenticated: false; error: string }

interface TokenReviewBody {
  status?: {
    authenticated?: boolean
    error?: string
    user?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> }
  }
}

interface AccessReviewBody {
  status?: { allowed?: boolean; denied?: boolean; reason?: string; evaluationError?: string }
}

interface Call {
  signal?: AbortSignal
  timeoutMs?: number
}

/** Asks the API server whose token this is. */
export async function reviewToken(
  connection: ClusterConnection,
  identity: Identity,
  token: string,
  call: Call,
): Promise<TokenReviewResult> {
  const { body } = await connection.request<TokenReviewBody>({
    ...call,
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } },
    identity,
  })
  const { authenticated, user, error } = body.status ?? {}
  if (!authenticated || !user?.username)
    return { authenticated: false, error: error ?? 'the API server does not know this token' }
  return {
    authenticated: true,
    user: {
      username: user.username,
      ...(user.uid ? { uid: user.uid } : {}),
      groups: user.groups ?? [],
      extra: user.extra ?? {},
    },
  }
}

/** Asks whether the identity itself (no `subject`) or somebody else may do something. */
export async function reviewAccess(
  connection: ClusterConnection,
  identity: Identity,
  subject: { username: string; groups: readonly string[] } | undefined,
  attributes: AccessAttributes,
  call: Call,
): Promise<AccessDecision> {
  const kind = subject ? 'SubjectAccessReview' : 'SelfSubjectAccessReview'
  const { body } = await connection.request<AccessReviewBody>({
    ...call,
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind,
      spec: { resourceAttributes: attributes, ...(subject ? { user: subject.username, groups: subject.groups } : {}) },
    },
    identity,
  })
  const status = body.status ?? {}
  return {
    allowed: status.allowed === true && status.denied !== true,
    reason: status.reason || status.evaluationError || '',
  }
}
