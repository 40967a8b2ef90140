import type { IncomingHttpHeaders } from 'node:http'
import { badRequest } from '../api/errors.ts'
import type { Attributes, Authorizer } from './authorizer.ts'
import { forbiddenError } from './authorizer.ts'
import { AUTHENTICATED, serviceAccountUser } from './user-info.ts'
import type { UserInfo } from './user-info.ts'

const EXTRA = 'impersonate-extra-'

/**
 * Who a request is to be taken for.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 *
 * @param distinct the request's headers with each repeated one kept apart.
 * @throws StatusError 403 when the caller may not impersonate one of the parts, 400 for groups without a user.
 */
export function impersonated(
  caller: UserInfo,
  headers: IncomingHttpHeaders,
  distinct: NodeJS.Dict<string[]>,
  authorizer: Authorizer,
): UserInfo {
  const user = headers['impersonate-user']
  const groups = distinct['impersonate-group'] ?? []
  const uid = headers['impersonate-uid']
  const extras = Object.entries(distinct).filter(([name]) => name.startsWith(EXTRA))
  if (user === undefined) {
    if (groups.length > 0 || uid !== undefined || extras.length > 0) {
      throw badRequest('requested impersonation without impersonating a user')
    }
    return caller
  }
  const check = (attributes: Attributes): void => {
    if (!authorizer.authorize(caller, attributes).allowed) throw forbiddenError(caller, attributes)
  }
  const name = String(user)
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  if (account) {
    check({
      verb: 'impersonate',
      group: '',
      resource: 'serviceaccounts',
      namespace: account[1] ?? '',
      name: account[2] ?? '',
    })
  } else check({ verb: 'impersonate', group: '', resource: 'users', name })
  for (const group of groups) check({ verb: 'impersonate', group: '', resource: 'groups', name: group })
  if (uid !== undefined) {
    check({ verb: 'impersonate', group: 'authentication.k8s.io', resource: 'uids', name: String(uid) })
  }
  const extra: Record<string, readonly string[]> = {}
  for (const [header, values] of extras) {
    const key = decodeURIComponent(header.slice(EXTRA.length))
    for (const value of values ?? []) {
      check({
        verb: 'impersonate',
        group: 'authentication.k8s.io',
        resource: 'userextras',
        subresource: key,
        name: value,
      })
    }
    extra[key] = values ?? []
  }
  const own = account === null ? [] : serviceAccountUser(account[1] ?? '', account[2] ?? '').groups
  const all = groups.length > 0 ? groups : own
  return {
    username: name,
    ...(uid === undefined ? {} : { uid: String(uid) }),
    groups: name === 'system:anonymous' ? ['system:unauthenticated'] : [...all, AUTHENTICATED],
    ...(extras.length > 0 ? { extra } : {}),
  }
}
