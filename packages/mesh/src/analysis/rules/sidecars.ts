import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { fullHost } from '../hosts.ts'
import { isAmbient } from '../../injection/pods.ts'
import { podsOf } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, text, texts } from '../read.ts'
import { registryOf } from '../registry.ts'
import { printLabels } from './destination-rules.ts'
import { isAmbientNamespace } from './ambient.ts'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'Sidecar',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`
const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['workloadSelector'])['labels'])

const selectors: Rule = {
  name: 'one sidecar setting for a workload',
  reads: ['Sidecar', 'Pod', 'Namespace'],
  *run(world) {
    const bySpace = Map.groupBy(world.all('Sidecar'), ({ metadata }) => metadata.namespace ?? '')
    for (const [namespace, group] of bySpace) {
      const whole = group.filter((object) => isEmpty(selectorOf(object)))
      if (whole.length > 1) {
        for (const object of whole)
          yield say(object, {
            code: 'IST0111',
            values: {
              namespace,
              others: whole
                .filter((each) => each !== object)
                .map(nameOf)
                .join(', '),
            },
          })
      }
      const chosen = group.filter((object) => !isEmpty(selectorOf(object)))
      const pods = new Map(chosen.map((object) => [object, podsOf(world).select(namespace, selectorOf(object))]))
      for (const object of chosen) {
        const own = pods.get(object) ?? []
        const path = 'spec.workloadSelector.labels'
        if (namespace === world.facts.rootNamespace) yield say(object, { code: 'MD1002', path })
        if (own.length === 0) {
          if (world.sees('Pod'))
            yield say(object, {
              code: 'IST0101',
              path,
              values: { what: 'selector', name: printLabels(selectorOf(object)) },
            })
          continue
        }
        const others = chosen.filter(
          (each) => each !== object && (pods.get(each) ?? []).some((pod) => own.includes(pod)),
        )
        if (others.length > 0)
          yield say(object, {
            code: 'IST0110',
            path,
            values: { others: others.map(nameOf).join(', '), pod: own[0]?.object.metadata.name ?? '' },
          })
        if (own.every(({ object: pod }) => isAmbient(pod)))
          yield say(object, { code: 'IST0167', path, values: { namespace } })
      }
      for (const object of whole) {
        if (isAmbientNamespace(world, namespace)) yield say(object, { code: 'IST0167', values: { namespace } })
      }
    }
  },
}

const egress: Rule = {
  name: 'egress hosts exist',
  reads: ['Sidecar', 'Service', 'ServiceEntry', 'Namespace'],
  *run(world) {
    const registry = registryOf(world)
    const namespaces = new Set(world.everywhere('Namespace').map(({ object }) => object.metadata.name))
    for (const object of world.all('Sidecar')) {
      const spec = fields(object.spec)
      const { namespace = '' } = object.metadata
      const policy = spec['outboundTrafficPolicy']
      if (policy !== undefined && fields(policy)['mode'] === undefined)
        yield say(object, { code: 'MD1003', path: 'spec.outboundTrafficPolicy.mode' })
      for (const { at, value } of entries(spec['egress'])) {
        for (const [index, entry] of texts(value['hosts']).entries()) {
          const [scope = '', host = ''] = entry.split('/')
          const path = `spec.egress[${at}].hosts[${index}]`
          const place = scope === '.' ? namespace : scope
          if (!['*', '.', '~'].includes(scope) && world.sees('Namespace') && !namespaces.has(scope)) {
            yield say(object, { code: 'MD0001', path, values: { namespace: scope } })
            continue
          }
          if (scope === '~' || host === '*' || host === '' || !world.sees('Service', 'ServiceEntry')) continue
          const full = fullHost(host, place)
          const isKnown = registry.all.some(
            (each) => (place === '*' || each.namespace === place) && matches(full, each.host),
          )
          if (!isKnown) yield say(object, { code: 'MD1001', path, values: { host: full, namespace: text(place) } })
        }
      }
    }
  },
}

const matches = (pattern: string, host: string): boolean =>
  pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host

export const sidecarRules: readonly Rule[] = [selectors, egress]
