import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { podsOf } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, text } from '../read.ts'
import { printLabels } from './destination-rules.ts'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'Telemetry',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`
const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['selector'])['matchLabels'])

const selectors: Rule = {
  name: 'one telemetry for a workload',
  reads: ['Telemetry', 'Pod'],
  *run(world) {
    const bySpace = Map.groupBy(world.all('Telemetry'), ({ metadata }) => metadata.namespace ?? '')
    for (const [namespace, group] of bySpace) {
      const whole = group.filter((object) => isEmpty(selectorOf(object)))
      if (whole.length > 1) {
        for (const object of whole)
          yield say(object, {
            code: 'IST0160',
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
        const path = 'spec.selector.matchLabels'
        if (own.length === 0) {
          if (world.sees('Pod'))
            yield say(object, {
              code: 'IST0101',
              path,
              values: { what: 'selector', name: printLabels(selectorOf(object)) },
            })
          continue
        }
        const others = chosen.filter((each) => each !== object && pods.get(each)?.some((pod) => own.includes(pod)))
        if (others.length > 0)
          yield say(object, {
            code: 'IST0159',
            path,
            values: { others: others.map(nameOf).join(', '), pod: own[0]?.object.metadata.name ?? '' },
          })
      }
    }
  },
}

const providers: Rule = {
  name: 'providers exist',
  reads: ['Telemetry'],
  *run(world) {
    const { providers: known, hasDefaultLogging } = world.facts
    for (const object of world.all('Telemetry')) {
      const spec = fields(object.spec)
      for (const { at, value } of entries(spec['accessLogging'])) {
        if (entries(value['providers']).length === 0 && hasDefaultLogging === false && value['disabled'] !== true)
          yield say(object, { code: 'IST0157', path: `spec.accessLogging[${at}].providers` })
      }
      for (const part of ['accessLogging', 'tracing', 'metrics'] as const) {
        for (const { at, value } of entries(spec[part])) {
          for (const { at: index, value: provider } of entries(value['providers'])) {
            const name = text(provider['name'])
            const path = `spec.${part}[${at}].providers[${index}].name`
            if (part === 'tracing' && /lightstep/i.test(name))
              yield say(object, { code: 'IST0002', path, values: { what: 'Lightstep', instead: 'OpenTelemetry' } })
            if (known !== undefined && !known.includes(name) && !BUILT_IN.includes(name))
              yield say(object, { code: 'MD0111', path, values: { provider: name, known: known.join(', ') } })
          }
        }
      }
    }
  },
}

/** Providers that every mesh has. */
const BUILT_IN = ['prometheus', 'stackdriver', 'envoy']

export const telemetryRules: readonly Rule[] = [selectors, providers]
