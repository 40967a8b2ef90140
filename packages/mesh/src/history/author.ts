import { FIELD_MANAGER, isRecord, type KubeResource } from '@meshdeck/kube'

/** What wrote a change. `other` is told by the name of its field manager alone. */
export const CHANGE_TOOLS = [
  'console',
  'kubectl',
  'argocd',
  'flux',
  'helm',
  'istio',
  'meshdeck',
  'other',
  'unknown',
] as const
export type ChangeTool = (typeof CHANGE_TOOLS)[number]

/** Who wrote a change, as far as the object tells. */
export interface Author {
  tool: ChangeTool
  /** The field manager that the object names; absent when it names none for this change. */
  manager?: string
  /** The person, where the tool tells: the console does. */
  user?: string
}

/** One entry of `managedFields`, without its fields. */
export interface FieldWrite {
  manager: string
  /** RFC 3339, to the second. */
  time: string
}

/** The API server lets a field manager have so many bytes. Source: apimachinery, `FieldManagerMaxLength`. */
const MANAGER_BYTES = 128
const USER_MARK = `${FIELD_MANAGER}:`
/** The server's clock counts whole seconds, and its news take a moment. */
const JUST_NOW_MS = 3_000

/**
 * The field manager of what somebody writes in the console: `meshdeck:alice`. Kubernetes keeps no user with an object, so
 * this is where the name stands, for everybody to see. It may be set by anyone who writes: it is a signature, no proof.
 */
export function consoleManager(user: string): string {
  let manager = USER_MARK
  for (const letter of user.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?')) {
    if (bytesOf(manager) + bytesOf(letter) > MANAGER_BYTES) break
    manager += letter
  }
  return manager
}

/** Which tool goes by that field manager, and which person it names. */
export function authorOf(manager: string): Author {
  if (manager.startsWith(USER_MARK)) return { tool: 'console', manager, user: manager.slice(USER_MARK.length) }
  const tool = TOOLS.find(([, pattern]) => pattern.test(manager))?.[0] ?? 'other'
  return { tool, manager }
}

const TOOLS: readonly (readonly [ChangeTool, RegExp])[] = [
  ['console', /^meshdeck$/],
  ['meshdeck', /^meshdeck-/],
  ['kubectl', /^kubectl(-|$)/],
  ['argocd', /^argocd(-|$)/],
  ['flux', /^(kustomize|helm)-controller$|^flux(-|$)/],
  ['helm', /^helm$/],
  ['istio', /^(istioctl|pilot-discovery|istio-operator|sail-operator)$/],
]

/** The writes of an object's configuration that the object itself tells of, newest last. Its status is nobody's change. */
export function fieldWrites({ metadata }: KubeResource): FieldWrite[] {
  return (metadata.managedFields ?? [])
    .flatMap((entry) => {
      if (!isRecord(entry)) return []
      const { manager, time, subresource } = entry
      const isOwn = typeof manager === 'string' && typeof time === 'string' && subresource !== 'status'
      return isOwn ? [{ manager, time }] : []
    })
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))
}

/**
 * The write that made the change from what was last known. Absent when the object tells of no newer one: the server notes
 * who sets a field, not who removes one.
 */
export function newestWrite(
  writes: readonly FieldWrite[],
  known: FieldWrite | undefined,
  noticedAt: string,
): FieldWrite | undefined {
  const newest = writes.at(-1)
  if (newest === undefined) return undefined
  const tied = writes.filter(({ time }) => time === newest.time)
  const fresh = tied.findLast(({ manager, time }) => manager !== known?.manager || time !== known.time)
  if (fresh !== undefined && (known === undefined || Date.parse(fresh.time) >= Date.parse(known.time))) return fresh
  return Date.parse(noticedAt) - Date.parse(newest.time) <= JUST_NOW_MS ? newest : undefined
}

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => encodeURIComponent(text.toWellFormed()).replace(/%../g, '.').length
