import { entries, fields, text, texts } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import type { Party } from './caller.ts'
import { byAge, nameOf, placeOf, type Hop, type Outcomes, type Step } from './explanation.ts'
import { claimAt } from './route-match.ts'
import { appliesTo } from './policy-target.ts'

export interface TokenCheck {
  steps: readonly Step[]
  /** Claims that are known to be right from here on. */
  claims: Readonly<Record<string, unknown>> | undefined
  /** Whether the token goes on to whoever is called; a proxy that has checked it takes it away. */
  forwards: boolean
  refused?: Outcomes
}

/**
 * Request authentication: a token that is there must be right, and one that is missing is no fault: only an authorization
 * policy can ask for one. Policies of the workload, its namespace and the root namespace add up. That the signature
 * is right is taken for granted. Source: https://istio.io/latest/docs/reference/config/security/request_authentication/
 */
export function checkToken(
  world: World,
  hop: Hop,
  party: Party,
  claims: Readonly<Record<string, unknown>> | undefined,
  now: Date,
): TokenCheck {
  const policies = world
    .all('RequestAuthentication')
    .filter((object) => appliesTo(world, object, party))
    .toSorted(byAge)
  const rules = policies.flatMap((object) =>
    entries(fields(object.spec)['jwtRules']).map(({ at, value }) => ({
      value,
      place: placeOf(world.cluster, 'RequestAuthentication', object, `spec.jwtRules[${at}]`),
      name: nameOf(object),
    })),
  )
  if (rules.length === 0)
    return {
      steps: [{ hop, outcome: 'note', code: 'token.none-needed', values: {} }],
      claims: undefined,
      forwards: true,
    }
  const [first] = rules
  const known = rules.map(({ value }) => text(value['issuer'])).join(', ')
  if (claims === undefined)
    return {
      steps: [
        { hop, outcome: 'ok', code: 'token.absent', values: { issuers: known }, ...(first && { place: first.place }) },
      ],
      claims: undefined,
      forwards: false,
    }
  const issuer = text(claims['iss'])
  const rule = rules.find(({ value }) => text(value['issuer']) === issuer)
  if (rule === undefined) {
    return {
      steps: [
        {
          hop,
          outcome: 'stop',
          code: 'token.issuer',
          values: { issuer, issuers: known },
          ...(first && { place: first.place }),
        },
      ],
      claims: undefined,
      forwards: false,
      refused: { verdict: 'denied', status: 401 },
    }
  }
  const expires = claims['exp']
  if (typeof expires === 'number' && expires * 1000 <= now.getTime())
    return {
      steps: [
        {
          hop,
          outcome: 'stop',
          code: 'token.expired',
          values: { time: new Date(expires * 1000).toISOString() },
          place: rule.place,
        },
      ],
      claims: undefined,
      forwards: false,
      refused: { verdict: 'denied', status: 401 },
    }
  const audiences = texts(rule.value['audiences'])
  const got = claimAt(claims, ['aud'])
  if (audiences.length > 0 && !audiences.some((each) => got.includes(each)))
    return {
      steps: [
        {
          hop,
          outcome: 'stop',
          code: 'token.audience',
          values: { wanted: audiences.join(', '), got: got.join(', ') },
          place: { ...rule.place, path: `${rule.place.path}.audiences` },
        },
      ],
      claims: undefined,
      forwards: false,
      refused: { verdict: 'denied', status: 403 },
    }
  return {
    steps: [{ hop, outcome: 'ok', code: 'token.valid', values: { issuer, name: rule.name }, place: rule.place }],
    claims,
    forwards: rule.value['forwardOriginalToken'] === true,
  }
}
