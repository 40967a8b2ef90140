import { ACCOUNT_LEVELS, KINDS, type AccountLevel } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { accountObjects } from './account-objects.ts'
import { accountRules, rulesAllow } from './account-rules.ts'

const may = (level: AccountLevel, verb: string, group: string, resource: string, actForUsers = false): boolean =>
  rulesAllow(accountRules({ level, actForUsers }), { verb, group, resource })

describe('the rights of a cluster’s account', () => {
  it('let it watch all that is shown, at every level', () => {
    const watched = KINDS.filter(({ home, watched: isWatched }) => home === 'cluster' && isWatched)
    expect(watched.length).toBeGreaterThan(30)
    for (const level of ACCOUNT_LEVELS) {
      const unseen = watched.filter(({ group, plural }) => !may(level, 'watch', group, plural))
      expect(unseen.map(({ id }) => id)).toEqual([])
    }
  })

  it('begin with looking, which changes nothing and sees no Secret', () => {
    const verbs = new Set(accountRules({ level: 'read', actForUsers: false }).flatMap((rule) => rule.verbs))
    expect([...verbs].toSorted()).toEqual(['get', 'list', 'watch'])
    expect(may('read', 'get', '', 'secrets')).toBe(false)
  })

  it.each([
    ['configure', 'delete', 'networking.istio.io', 'virtualservices'],
    ['configure', 'create', 'gateway.networking.k8s.io', 'httproutes'],
    ['configure', 'patch', '', 'namespaces'],
    ['configure', 'patch', 'apps', 'statefulsets'],
    ['install', 'create', 'sailoperator.io', 'istios'],
    ['install', 'create', '', 'namespaces'],
    ['install', 'create', '', 'secrets'],
    ['install', 'delete', 'apps', 'deployments'],
    ['install-helm', 'create', 'apiextensions.k8s.io', 'customresourcedefinitions'],
    ['install-helm', 'escalate', 'rbac.authorization.k8s.io', 'clusterroles'],
    ['install-helm', 'create', 'apps', 'daemonsets'],
  ] as const)('are added by level %s: %s %s %s', (level, verb, group, resource) => {
    expect(may(level, verb, group, resource)).toBe(true)
    const before = ACCOUNT_LEVELS[ACCOUNT_LEVELS.indexOf(level) - 1] ?? 'read'
    expect(may(before, verb, group, resource)).toBe(false)
  })

  it('let it act for others only where that was chosen', () => {
    expect(may('install-helm', 'impersonate', '', 'users')).toBe(false)
    expect(may('read', 'impersonate', '', 'users', true)).toBe(true)
    expect(may('read', 'impersonate', '', 'groups', true)).toBe(true)
  })

  it('hold no wildcard', () => {
    const rules = accountRules({ level: 'install-helm', actForUsers: true })
    expect(JSON.stringify(rules)).not.toContain('*')
  })
})

describe('the objects of an account', () => {
  it('bind the role to the account, and ask for a token of it', () => {
    const objects = accountObjects({ level: 'read', actForUsers: true }, { name: 'meshdeck-abc', hub: 'uid-1' })
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'Secret',
    ])
    expect(objects[3]?.object).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'meshdeck' },
      subjects: [{ kind: 'ServiceAccount', name: 'meshdeck', namespace: 'meshdeck-system' }],
    })
    expect(objects[4]?.object).toMatchObject({
      metadata: { name: 'meshdeck-abc', annotations: { 'kubernetes.io/service-account.name': 'meshdeck' } },
      type: 'kubernetes.io/service-account-token',
    })
  })
})
