import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Verdict } from './validate-istio.ts'

/** Source: https://istio.io/latest/docs/reference/config/security/conditions/ */
const ATTRIBUTES = [
  /^request\.headers\[.+\]$/,
  /^source\.(?:ip|namespace|principal|serviceAccount)$/,
  /^remote\.ip$/,
  /^request\.auth\.(?:principal|audiences|presenter|claims\[.+\])$/,
  /^destination\.(?:ip|port)$/,
  /^connection\.sni$/,
  /^experimental\.envoy\.filters\..+/,
]

export function validateAuthorizationPolicy(object: KubeObject): Verdict {
  const errors: string[] = []
  const spec = recordAt(object, 'spec')
  const prefix = `invalid policy ${object.metadata.name}.${object.metadata.namespace ?? ''}: `
  if (spec['action'] === 'CUSTOM' && (textAt(spec, 'provider', 'name') ?? '') === '') {
    errors.push(`${prefix}\`provider.name\` must not be empty`)
  }
  for (const [index, rule] of listAt(spec, 'rules').entries()) {
    for (const from of listAt(rule, 'from')) {
      if (!isRecord(recordAt(from)['source']))
        errors.push(`${prefix}\`from.source\` must not be nil, found at rule ${index}`)
    }
    for (const to of listAt(rule, 'to')) {
      if (!isRecord(recordAt(to)['operation']))
        errors.push(`${prefix}\`to.operation\` must not be nil, found at rule ${index}`)
    }
    for (const when of listAt(rule, 'when')) {
      const key = textAt(when, 'key') ?? ''
      if (key === '') errors.push(`${prefix}\`key\` must not be empty`)
      else if (!ATTRIBUTES.some((attribute) => attribute.test(key))) {
        for (const field of ['value', 'notValue']) {
          errors.push(`${prefix}invalid \`${field}\` for \`key\` ${key}: unknown attribute: ${key}`)
        }
      }
    }
  }
  return { errors, warnings: [] }
}
