/** `unknown`: what it takes to tell could not be had; it neither passes nor fails. Only an `error` stands in the way. */
export const CHECK_LEVELS = ['ok', 'warning', 'error', 'unknown'] as const
export type CheckLevel = (typeof CHECK_LEVELS)[number]

/** What each check can find, in the order in which checks are shown; each finding has its texts. */
export const CHECK_FINDINGS = {
  ownRights: ['all', 'missing'],
  charts: ['notNeeded', 'ofController', 'found', 'folder', 'absent', 'unreachable', 'refused'],
  reach: ['answers', 'lost'],
  kubernetes: ['fits', 'tooOld', 'strange'],
  rights: ['all', 'missing'],
  engine: [
    'helmReady',
    'helmNotReady',
    'helmUnset',
    'sailReady',
    'sailNotReady',
    'sailUnseen',
    'sailAbsent',
    'sailVersion',
  ],
  images: ['runs', 'onNode', 'pullFails', 'notTried'],
  definitions: ['none', 'ours', 'there', 'shared', 'otherOwner', 'noOwner'],
  istio: ['none', 'other', 'same', 'inMesh'],
  admission: ['none', 'served', 'outside', 'unserved'],
  capacity: ['fits', 'noRoom', 'noNodes', 'nodesTooSmall'],
  clock: ['agree', 'serverAgrees', 'nodesOff', 'off', 'farOff'],
  loadBalancer: ['notNeeded', 'served', 'cloud', 'pending', 'unproven'],
  storage: ['notNeeded'],
  gateway: ['given', 'has', 'notYet', 'noAddress'],
  apiServer: ['loopback', 'inCluster', 'private', 'public', 'name'],
  proxies: ['none', 'fit', 'apart'],
  trust: ['none', 'same', 'differs', 'meshUnborn'],
  addresses: ['apart', 'distinct', 'noRanges', 'servicesOverlap', 'podsOverlap'],
  services: ['none', 'same', 'clash'],
} as const
export type CheckId = keyof typeof CHECK_FINDINGS

/** Why something was not read: the caller may not, its time ran out, or the cluster refused or was not reached. */
export const UNREAD = ['forbidden', 'timeout', 'failed'] as const
export type Unread = (typeof UNREAD)[number]

export type CheckReason = (typeof CHECK_FINDINGS)[CheckId][number] | Unread

export interface Check {
  id: CheckId
  level: CheckLevel
  /** Which of the check's findings it is, or why there is none. */
  reason: CheckReason
  /** Figures and names for the text. */
  params?: Record<string, string | number>
  /** What it is about, one by one: missing rights, nodes, services. */
  items?: string[]
}

/** Something of a cluster, or why it is not known. A kind that is not installed is an empty list. */
export type Fact<T> = { value: T } | { unread: Unread }

export const isRead = <T>(fact: Fact<T>): fact is { value: T } => 'value' in fact

/** The check that could not be made. */
export const unreadCheck = (id: CheckId, unread: Unread): Check => ({ id, level: 'unknown', reason: unread })
