import { timestamp } from '../api/metadata.ts'
import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { invalidError, required } from '../schema/invalid-error.ts'
import { DEFAULT_AUDIENCE } from './authenticator.ts'
import type { Authenticator } from './authenticator.ts'
import type { Attributes, Authorizer } from './authorizer.ts'
import type { UserInfo } from './user-info.ts'

export interface ReviewContext {
  readonly user: UserInfo
  readonly authorizer: Authorizer
  readonly authenticator: Authenticator
  readonly now: number
}

type Answer = (body: KubeObject, context: ReviewContext) => KubeObject

/** Resources that are asked, not kept. By `group/plural`. */
export const REVIEWS: Readonly<Record<string, Answer>> = {
  'authorization.k8s.io/selfsubjectaccessreviews': (body, { user, authorizer }) => accessReview(body, user, authorizer),
  'authorization.k8s.io/subjectaccessreviews': (body, { authorizer }) =>
    accessReview(body, namedUser(body), authorizer),
  'authorization.k8s.io/localsubjectaccessreviews': (body, { authorizer }) =>
    accessReview(body, namedUser(body), authorizer),
  'authorization.k8s.io/selfsubjectrulesreviews': rulesReview,
  'authentication.k8s.io/tokenreviews': tokenReview,
  'authentication.k8s.io/selfsubjectreviews': (body, { user, now }) => ({
    ...body,
    metadata: { ...body.metadata, creationTimestamp: timestamp(now) },
    status: { userInfo: userInfo(user) },
  }),
}

function accessReview(body: KubeObject, user: UserInfo, authorizer: Authorizer): KubeObject {
  const type = { group: 'authorization.k8s.io', kind: body.kind }
  const resource = recordAt(body, 'spec')['resourceAttributes']
  const path = recordAt(body, 'spec')['nonResourceAttributes']
  if (isRecord(resource) === isRecord(path)) {
    const field = 'spec.resourceAttributes'
    const detail = 'cannot be specified in combination with nonResourceAttributes'
    throw isRecord(resource)
      ? invalidError(type, '', [
          { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(resource)}: ${detail}` },
        ])
      : invalidError(type, '', [
          {
            field,
            reason: 'FieldValueInvalid',
            message:
              'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
          },
        ])
  }
  const { allowed, reason } = authorizer.authorize(
    user,
    isRecord(resource) ? resourceAttributes(resource) : pathAttributes(path),
  )
  return { ...body, status: { allowed, ...(reason === '' ? {} : { reason }) } }
}

function resourceAttributes(value: Record<string, unknown>): Attributes {
  const optional = (name: string): Record<string, string> => {
    const text = textAt(value, name)
    return text === undefined || text === '' ? {} : { [name]: text }
  }
  return {
    verb: textAt(value, 'verb') ?? '',
    group: textAt(value, 'group') ?? '',
    resource: textAt(value, 'resource') ?? '',
    ...optional('subresource'),
    ...optional('namespace'),
    ...optional('name'),
  }
}

function pathAttributes(value: unknown): Attributes {
  return { verb: textAt(value, 'verb') ?? '', path: textAt(value, 'path') ?? '' }
}

function namedUser(body: KubeObject): UserInfo {
  const spec = recordAt(body, 'spec')
  const username = textAt(spec, 'user') ?? ''
  const groups = listAt(spec, 'groups').map(String)
  if (username === '' && groups.length === 0) {
    throw invalidError({ group: 'authorization.k8s.io', kind: body.kind }, '', [
      required('spec.user', 'at least one of user or group must be specified'),
    ])
  }
  return { username, groups }
}

function rulesReview(body: KubeObject, { user, authorizer }: ReviewContext): KubeObject {
  const namespace = textAt(body, 'spec', 'namespace')
  const rules = authorizer.rulesOf(user, namespace)
  return {
    ...body,
    status: {
      resourceRules: rules
        .filter((rule) => rule.resources.length > 0)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames.length > 0 ? { resourceNames } : {}),
        })),
      nonResourceRules: rules
        .filter((rule) => rule.nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    },
  }
}

function tokenReview(body: KubeObject, { authenticator }: ReviewContext): KubeObject {
  const token = textAt(body, 'spec', 'token') ?? ''
  const asked = listAt(body, 'spec', 'audiences').map(String)
  const user = token === '' ? undefined : authenticator.userOfToken(token)
  const audiences = asked.length === 0 ? [DEFAULT_AUDIENCE] : asked
  return {
    ...body,
    status:
      user === undefined
        ? { user: {}, error: 'invalid bearer token' }
        : { authenticated: true, user: userInfo(user), audiences },
  }
}

function userInfo(user: UserInfo): Record<string, unknown> {
  return {
    username: user.username,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    groups: user.groups,
    ...(user.extra === undefined ? {} : { extra: user.extra }),
  }
}
