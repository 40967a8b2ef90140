import { kindOf, type KindId } from '@meshdeck/kube'
import type { AccessAttributes, AccessDecision } from '@meshdeck/kube-client'
import { mapBounded } from './bounded.ts'
import { createExpiringCache, type ExpiringCache } from './expiring-cache.ts'

const ACCESS_TTL_MS = 60_000
const MAX_DECISIONS = 100_000
/** Reviews under way at once for one question about many namespaces. */
const PARALLEL_REVIEWS = 16

/** Asks a cluster's API server whether a caller may do something. */
export type Review = (attributes: AccessAttributes) => Promise<AccessDecision>

/** Decisions of all callers and clusters, by the whole of what was asked. */
export type Decisions = ExpiringCache<AccessDecision>

export const createDecisions = (now?: () => number): Decisions =>
  createExpiringCache({ ttlMs: ACCESS_TTL_MS, maxEntries: MAX_DECISIONS, ...(now === undefined ? {} : { now }) })

/** One caller's rights in one cluster. */
export interface Rights {
  check(attributes: AccessAttributes): Promise<AccessDecision>
  /** Whether a kind may be listed: everywhere, else in that namespace. */
  mayList(kind: KindId, namespace?: string): Promise<boolean>
  /** The same by the last decision, however old: for objects whose namespace may be gone with its role bindings. */
  mayHaveListed(kind: KindId, namespace?: string): Promise<boolean>
  /** Those of the namespaces in which a kind may be listed; `all` when the right is not bound to namespaces. */
  listable(kind: KindId, namespaces: Iterable<string>): Promise<'all' | ReadonlySet<string>>
}

/** `scope` tells caller and cluster apart in the shared decisions. */
export function createRights(decisions: Decisions, scope: string, review: Review): Rights {
  const keyOf = (attributes: AccessAttributes): string =>
    `${scope} ${JSON.stringify(Object.entries(attributes).sort())}`

  /** While a cluster cannot answer its last decision holds, as the objects last seen do. */
  async function check(attributes: AccessAttributes): Promise<AccessDecision> {
    const key = keyOf(attributes)
    try {
      return await decisions.get(key, () => review(attributes))
    } catch (error) {
      const last = decisions.last(key)
      if (last === undefined) throw error
      return last
    }
  }

  async function mayList(kind: KindId, namespace?: string): Promise<boolean> {
    if ((await check(listAttributes(kind))).allowed) return true
    const narrow = narrowAttributes(kind, namespace)
    return narrow !== undefined && (await check(narrow)).allowed
  }

  return {
    check,
    mayList,
    async mayHaveListed(kind, namespace) {
      const narrow = narrowAttributes(kind, namespace)
      const last = [listAttributes(kind), ...(narrow ? [narrow] : [])].map((attributes) =>
        decisions.last(keyOf(attributes)),
      )
      if (last.some((decision) => decision?.allowed)) return true
      return last.includes(undefined) ? mayList(kind, namespace) : false
    },
    async listable(kind, namespaces) {
      if ((await check(listAttributes(kind))).allowed) return 'all'
      const asked = [...new Set(namespaces)]
      const answers = await mapBounded(asked, PARALLEL_REVIEWS, async (namespace) => {
        const narrow = narrowAttributes(kind, namespace)
        return narrow !== undefined && (await check(narrow)).allowed
      })
      return new Set(asked.filter((_namespace, index) => answers[index]))
    },
  }
}

/** What is asked of an API server for a verb on a kind. */
export function attributesOf(
  verb: string,
  kindId: KindId,
  rest: { namespace?: string | undefined; name?: string | undefined; subresource?: string | undefined } = {},
): AccessAttributes {
  const { group, plural } = kindOf(kindId)
  const set = Object.entries(rest).filter(([, value]) => value !== undefined && value !== '')
  return { verb, group, resource: plural, ...Object.fromEntries(set) }
}

const listAttributes = (kind: KindId): AccessAttributes => attributesOf('list', kind)

/** The right to see one namespace's part. A Namespace itself is readable by a role inside it. */
function narrowAttributes(kind: KindId, namespace: string | undefined): AccessAttributes | undefined {
  if (namespace === undefined) return undefined
  if (kind === 'Namespace') return attributesOf('get', kind, { namespace, name: namespace })
  return kindOf(kind).namespaced ? attributesOf('list', kind, { namespace }) : undefined
}
