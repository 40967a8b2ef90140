/**
 * The four kinds of user, from all rights to none. Each is in two groups, because a client that
 * passes on only one of them must be caught.
 */
export const PEOPLE = {
  admin: { name: 'admin@lab.test', groups: ['meshdeck:admins', 'lab:all'] },
  editor: { name: 'editor@lab.test', groups: ['meshdeck:editors', 'lab:all'] },
  viewer: { name: 'viewer@lab.test', groups: ['meshdeck:viewers', 'lab:all'] },
  nobody: { name: 'nobody@lab.test', groups: ['meshdeck:nobodies', 'lab:all'] },
} as const satisfies Record<string, Person>

export interface Person {
  readonly name: string
  readonly groups: readonly string[]
}

export type PersonName = keyof typeof PEOPLE

export const PERSON_NAMES = Object.keys(PEOPLE) as PersonName[]

/** Whoever set the lab up: beyond RBAC, so that no test can lock itself out. */
export const OWNER: Person = { name: 'lab-owner', groups: ['system:masters'] }
