import type { KindId, KubeResource } from '@meshdeck/kube'
import { settingProblem, SIDECAR_ANNOTATIONS, SIDECAR_SETTINGS } from '../../injection/sidecar-settings.ts'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { fields, labelsIn } from '../read.ts'
import { ANNOTATIONS } from '../annotations.ts'

/** Kinds that Istio's annotations stand on, and the word that Istio has for each. */
const KINDS: readonly [KindId, string][] = [
  ['Namespace', 'Namespace'],
  ['Service', 'Service'],
  ['Pod', 'Pod'],
  ['Deployment', 'Deployment'],
]
const DOMAIN = /(^|\.)istio\.io\//
/** Written by machines, or any key of a user. */
const FREE = [/^install\.operator\.istio\.io\//, /^operator\.istio\.io\//, /^ambient\.istio\.io\//]

const known: Rule = {
  name: 'annotations of Istio are known and stand where they work',
  reads: ['Namespace', 'Service', 'Pod', 'Deployment'],
  *run(world) {
    for (const [kind, word] of KINDS) {
      for (const object of world.all(kind)) {
        yield* remarks(kind, word, object, object.metadata.annotations ?? {}, 'metadata.annotations')
        if (kind === 'Deployment') {
          const template = fields(fields(fields(object.spec)['template'])['metadata'])
          yield* remarks(kind, 'Pod', object, labelsIn(template['annotations']), 'spec.template.metadata.annotations')
        }
      }
    }
  },
}

function* remarks(
  kind: KindId,
  place: string,
  object: KubeResource,
  annotations: Readonly<Record<string, string>>,
  base: string,
): Generator<Remark> {
  for (const [name, value] of Object.entries(annotations)) {
    if (!DOMAIN.test(name) || FREE.some((each) => each.test(name))) continue
    const path = `${base}["${name}"]`
    const definition = ANNOTATIONS[name]
    if (definition === undefined) {
      yield { object, kind, code: 'IST0108', path, values: { name } }
      continue
    }
    if (definition.on.length > 0 && !definition.on.includes(place) && !definition.on.includes('Any'))
      yield { object, kind, code: 'IST0107', path, values: { name, on: definition.on.join(', ') } }
    if (definition.deprecated === true) yield { object, kind, code: 'IST0135', path, values: { name } }
    const setting = SIDECAR_SETTINGS.find((each) => SIDECAR_ANNOTATIONS[each] === name)
    if (setting !== undefined && settingProblem(setting, value) !== undefined)
      yield { object, kind, code: 'IST0125', path, values: { name, value } }
    if (name === 'sidecar.istio.io/inject' && !['true', 'false'].includes(value))
      yield { object, kind, code: 'IST0125', path, values: { name, value } }
  }
}

export const annotationRules: readonly Rule[] = [known]
