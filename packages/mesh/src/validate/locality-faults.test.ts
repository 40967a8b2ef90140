import { expect, it } from 'vitest'
import { localityFaults } from './locality-faults.ts'

const distribute = (...parts: readonly [from: string, to: object][]) => ({
  distribute: parts.map(([from, to]) => ({ from, to })),
})
const failover = (from: string, to: string) => ({ failover: [{ from, to }] })

it.each([
  [{}, []],
  [{ enabled: false }, []],
  [undefined, []],
  [distribute(['east/*', { 'east/*': 80, 'west/a/1': 20 }], ['west/a/*', { west: 100 }]), []],
  [distribute(['*', { east: 100 }]), []],
  [failover('east', 'west'), []],
  [{ ...failover('east', 'west'), failoverPriority: ['version'] }, []],
  [{ ...distribute(['east', { east: 100 }]), ...failover('east', 'west') }, ['l.failover localityExclusive']],
  [
    { ...failover('east', 'west'), failoverPriority: ['topology.kubernetes.io/zone'] },
    ['l.failoverPriority localityExclusive'],
  ],
  [distribute(['east', { east: 80, west: 10 }]), ['l.distribute[0].to localityWeight']],
  [distribute(['east', {}]), ['l.distribute[0].to localityWeight']],
  [distribute(['east', { east: 100, west: 0 }]), ['l.distribute[0].to localityShare']],
  [distribute(['east', { east: 99.5, west: 0.5 }]), ['l.distribute[0].to localityShare']],
  [distribute(['east', { east: 'all' }]), ['l.distribute[0].to localityShare']],
  [distribute(['', { east: 100 }]), ['l.distribute[0].from localityPlace']],
  [distribute(['east/*/a', { east: 100 }]), ['l.distribute[0].from localityPlace']],
  [distribute(['east//a', { east: 100 }]), ['l.distribute[0].from localityPlace']],
  [distribute(['east', { 'we*': 100 }]), ['l.distribute[0].to localityPlace']],
  [distribute(['east', { 'west/a': 50, west: 50 }]), ['l.distribute[0].to localityOverlap']],
  [distribute(['east/*', { west: 100 }], ['east/a', { west: 100 }]), ['l.distribute[1].from localityOverlap']],
  [distribute(['*', { west: 100 }], ['east', { west: 100 }]), ['l.distribute[1].from localityOverlap']],
  [distribute(['east', { west: 100 }], ['east-2', { west: 100 }]), []],
  [failover('east', 'east'), ['l.failover[0].to localityRegion']],
  [failover('east/a', 'west'), ['l.failover[0].from localityPlain']],
  [failover('east', '*'), ['l.failover[0].to localityPlain']],
  [failover('', 'west'), ['l.failover[0].from localityPlain']],
])('%j: %j', (setting, expected) => {
  expect(localityFaults(setting, 'l').map(({ field, code }) => `${field} ${code}`)).toEqual(expected)
})
