import { isRecord } from '@meshdeck/kube'
import { sortRows, withDistinctKeys, type ConfigRow } from '../config-row.ts'
import { at, textAt, type Message } from '../envoy-json.ts'
import { fingerprint } from '../fingerprint.ts'
import { isObjectName, type ObjectOrigin } from '../object-origin.ts'
import { entriesAt, entryName } from './entries.ts'

/** What istiod calls a policy that it makes of a PeerAuthentication; no object can have such a name. */
const FROM_PEER_AUTHENTICATION = 'converted_peer_authentication_'

/** One row for each policy that a ztunnel holds connections against. */
export function ztunnelPolicyRows(dump: unknown): ConfigRow[] {
  return withDistinctKeys(sortRows(entriesAt(dump, 'policies').map(rowOf), ['namespace', 'name']))
}

function rowOf(policy: Message): ConfigRow {
  const name = textAt(policy, 'name') ?? ''
  const namespace = textAt(policy, 'namespace') ?? ''
  const key = entryName(policy) ?? name
  const origin = originOf(name, namespace)
  return {
    key,
    cells: {
      name,
      namespace,
      action: textAt(policy, 'action') ?? '',
      scope: textAt(policy, 'scope') ?? '',
      rules: listOf(at(policy, 'rules')).map(describeRule).join('; '),
    },
    ...(origin === undefined ? {} : { origin }),
    resource: key,
    fingerprint: fingerprint(policy),
  }
}

function originOf(name: string, namespace: string): ObjectOrigin | undefined {
  const isPeer = name.startsWith(FROM_PEER_AUTHENTICATION)
  const object = isPeer ? name.slice(FROM_PEER_AUTHENTICATION.length) : name
  if (!isObjectName(object) || !isObjectName(namespace)) return undefined
  return { kind: isPeer ? 'PeerAuthentication' : 'AuthorizationPolicy', namespace, name: object }
}

/** A rule holds when one match of each of its clauses does. */
function describeRule(clauses: unknown): string {
  return listOf(clauses)
    .map((matches) => listOf(matches).map(describeMatch).filter(Boolean).join(' or '))
    .filter(Boolean)
    .join(' and ')
}

/** `principals cluster.local/ns/shop/sa/cart, destinationPorts 80 443` */
function describeMatch(match: unknown): string {
  if (!isRecord(match)) return ''
  return Object.entries(match)
    .flatMap(([field, values]) => {
      const texts = listOf(values).map(describeValue)
      return texts.length === 0 ? [] : `${field} ${texts.join(' ')}`
    })
    .join(', ')
}

/** A number, a text, `{ Prefix: 'shop-' }`, or a service account. */
function describeValue(value: unknown): string {
  if (!isRecord(value)) return String(value)
  const account = textAt(value, 'service_account')
  if (account !== undefined) return `${textAt(value, 'namespace') ?? ''}/${account}`
  const [exact, prefix, suffix] = ['Exact', 'Prefix', 'Suffix'].map((kind) => textAt(value, kind))
  return exact ?? (prefix === undefined ? `*${suffix ?? ''}` : `${prefix}*`)
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
