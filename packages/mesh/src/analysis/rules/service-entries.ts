import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { fullHost } from '../hosts.ts'
import { entries, fields, items, labelsIn, number, text, texts } from '../read.ts'
import { PROTOCOLS, isVisible } from '../registry.ts'
import { podsOf } from '../pods.ts'
import { printLabels } from './destination-rules.ts'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'ServiceEntry',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`
/** Ports whose traffic is told apart by its address alone. */
const NEEDS_ADDRESS = ['', 'TCP']

const addresses: Rule = {
  name: 'TCP needs an address',
  reads: ['ServiceEntry'],
  *run(world) {
    for (const object of world.all('ServiceEntry')) {
      const spec = fields(object.spec)
      const assigned = items(fields(object.status)['addresses']).length > 0
      if (texts(spec['addresses']).length > 0 || assigned || world.facts.allocatesAddresses) continue
      for (const { at, value } of entries(spec['ports'])) {
        if (NEEDS_ADDRESS.includes(text(value['protocol']).toUpperCase()))
          yield say(object, {
            code: 'IST0134',
            path: 'spec.addresses',
            values: { port: String(number(value['number']) ?? at) },
          })
      }
    }
  },
}

const several: Rule = {
  name: 'one entry for a host and port',
  reads: ['ServiceEntry'],
  *run(world) {
    const claims = new Map<string, { object: KubeResource; protocol: string; path: string }[]>()
    for (const object of world.all('ServiceEntry')) {
      const spec = fields(object.spec)
      for (const host of texts(spec['hosts'])) {
        for (const { at, value } of entries(spec['ports'])) {
          const key = `${fullHost(host, object.metadata.namespace ?? '')} ${number(value['number'])}`
          const claim = { object, protocol: text(value['protocol']).toUpperCase(), path: `spec.ports[${at}]` }
          claims.set(key, [...(claims.get(key) ?? []), claim])
        }
      }
    }
    for (const [key, list] of claims) {
      const [host = '', port = ''] = key.split(' ')
      for (const { object, protocol, path } of list) {
        const others = list.filter((each) => each.object !== object && share(each.object, object))
        if (others.length === 0) continue
        const named = others.map((each) => nameOf(each.object)).join(', ')
        yield say(object, { code: 'MD1201', path, values: { host, port, others: named } })
        const different = others.filter((each) => each.protocol !== protocol)
        if (different.length > 0)
          yield say(object, {
            code: 'IST0177',
            path: `${path}.protocol`,
            values: {
              host,
              port,
              protocol,
              others: different.map((each) => `${nameOf(each.object)} (${each.protocol})`).join(', '),
            },
          })
      }
    }
  },
}

function share(a: KubeResource, b: KubeResource): boolean {
  const [left, right] = [texts(fields(a.spec)['exportTo']), texts(fields(b.spec)['exportTo'])]
  const [here, there] = [a.metadata.namespace ?? '', b.metadata.namespace ?? '']
  return (
    isVisible(left, here, there) ||
    isVisible(right, there, here) ||
    left.some((each) => each !== '.' && each !== '*' && right.includes(each))
  )
}

const endpoints: Rule = {
  name: 'entries have something behind them',
  reads: ['ServiceEntry', 'Pod', 'WorkloadEntry'],
  *run(world) {
    for (const object of world.all('ServiceEntry')) {
      const spec = fields(object.spec)
      for (const { at, value } of entries(spec['ports'])) {
        const protocol = text(value['protocol']).toLowerCase()
        if (protocol !== '' && !PROTOCOLS.some((each) => each === protocol))
          yield say(object, { code: 'MD0601', path: `spec.ports[${at}].protocol`, values: { name: protocol } })
      }
      const labels = labelsIn(fields(spec['workloadSelector'])['labels'])
      if (Object.keys(labels).length === 0 || !world.sees('Pod', 'WorkloadEntry')) continue
      const { namespace = '' } = object.metadata
      const hasPods = podsOf(world).select(namespace, labels).length > 0
      const hasEntries = world.all('WorkloadEntry').some((entry) => {
        const own = { ...entry.metadata.labels, ...labelsIn(fields(entry.spec)['labels']) }
        return (
          entry.metadata.namespace === namespace && Object.entries(labels).every(([key, each]) => own[key] === each)
        )
      })
      if (!hasPods && !hasEntries)
        yield say(object, {
          code: 'MD1202',
          path: 'spec.workloadSelector.labels',
          values: { labels: printLabels(labels), namespace },
        })
    }
  },
}

const groups: Rule = {
  name: 'groups of machines are told apart',
  reads: ['WorkloadGroup', 'ServiceAccount'],
  *run(world) {
    for (const object of world.all('WorkloadGroup')) {
      const labels = labelsIn(fields(fields(object.spec)['metadata'])['labels'])
      const others = world
        .all('WorkloadGroup')
        .filter(
          (each) =>
            each !== object &&
            each.metadata.namespace === object.metadata.namespace &&
            printLabels(labelsIn(fields(fields(each.spec)['metadata'])['labels'])) === printLabels(labels),
        )
      if (others.length > 0)
        yield {
          object,
          kind: 'WorkloadGroup',
          code: 'MD1702',
          path: 'spec.metadata.labels',
          values: { labels: printLabels(labels), others: others.map(nameOf).join(', ') },
        }
      const account = text(fields(fields(object.spec)['template'])['serviceAccount'])
      const isKnown = world
        .all('ServiceAccount')
        .some(({ metadata }) => metadata.name === account && metadata.namespace === object.metadata.namespace)
      if (account !== '' && world.sees('ServiceAccount') && !isKnown)
        yield {
          object,
          kind: 'WorkloadGroup',
          code: 'MD1701',
          path: 'spec.template.serviceAccount',
          values: { account },
        }
    }
  },
}

export const serviceEntryRules: readonly Rule[] = [addresses, several, endpoints, groups]
