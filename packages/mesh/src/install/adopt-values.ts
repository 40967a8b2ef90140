import { isRecord, readPath, type MeshSpec } from '@meshdeck/kube'
import { PROXY_LOG_LEVELS } from '../injection/sidecar-settings.ts'
import { isLocalitySetting } from '../validate/locality-faults.ts'
import { declaredValues } from './adopted.ts'
import { mergedValues, saysAll, without, type Values } from './values.ts'

type Fields = Omit<Partial<MeshSpec>, 'controlPlane'> & { controlPlane?: Partial<MeshSpec['controlPlane']> }

/** Kubernetes' quantities, as the hub's schema takes them. */
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi)?$/
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']
const OUTBOUND = ['ALLOW_ANY', 'REGISTRY_ONLY']
const MAX_TEXT = 253
const MAX_ATTEMPTS = 100
const MAX_CONDITIONS = 20

/**
 * Istiod's values as fields of a mesh, and what no field can say. Each field is tried and kept only when it says nothing
 * that the values do not, so that both together are the values again: `adoptedValues` of the result equals `values`.
 */
export function fieldsOf(
  values: Values,
  known: Pick<MeshSpec, 'engine'> & { revision?: string },
): { fields: Fields; rest: Values } {
  const { revision, ...engine } = known
  const say = (fields: Fields): Values =>
    declaredValues({ ...engine, ...fields, controlPlane: { cluster: '', ...fields.controlPlane } })
  const start: Fields = revision === undefined ? {} : { controlPlane: { revision } }
  const fields = FIELDS.reduce<Fields>((kept, read) => {
    const field = read(values)
    return field !== undefined && saysAll(values, say(field)) ? mergeFields(kept, field) : kept
  }, start)
  return { fields, rest: without(values, saysAll(values, say(fields)) ? say(fields) : {}) }
}

/** The boundary: both are parts of one shape. */
const mergeFields = (a: Fields, b: Fields): Fields => mergedValues({ ...a }, { ...b }) as Fields

const FIELDS: readonly ((values: Values) => Fields | undefined)[] = [
  (values) => {
    const hub = readPath(values, 'global.hub')
    return isText(hub) ? { controlPlane: { hub } } : undefined
  },
  (values) => {
    const resources = resourcesOf(readPath(values, 'pilot.resources'))
    return resources && { controlPlane: { resources } }
  },
  // Two that stand in for each other, or exactly one; other numbers stay values.
  (values) => {
    const enabled = readPath(values, 'pilot.autoscaleEnabled')
    return typeof enabled === 'boolean' ? { controlPlane: { highAvailability: enabled } } : undefined
  },
  (values) => {
    const policy = readPath(values, 'global.imagePullPolicy')
    return oneOf(policy, PULL_POLICIES) ? { dataPlane: { imagePullPolicy: policy as 'Always' } } : undefined
  },
  (values) => {
    const resources = resourcesOf(readPath(values, 'global.proxy.resources'))
    return resources && { dataPlane: { resources } }
  },
  (values) => {
    const logLevel = readPath(values, 'global.proxy.logLevel')
    return oneOf(logLevel, PROXY_LOG_LEVELS) ? { dataPlane: { logLevel } } : undefined
  },
  (values) => {
    const injectByDefault = readPath(values, 'sidecarInjectorWebhook.enableNamespacesByDefault')
    return typeof injectByDefault === 'boolean' ? { dataPlane: { injectByDefault } } : undefined
  },
  (values) => {
    const outbound = readPath(values, 'meshConfig.outboundTrafficPolicy.mode')
    return oneOf(outbound, OUTBOUND) ? { traffic: { outbound: outbound as 'ALLOW_ANY' } } : undefined
  },
  (values) => {
    const locality = readPath(values, 'meshConfig.localityLbSetting')
    return isLocalitySetting(locality) && Object.keys(locality).length > 0 ? { traffic: { locality } } : undefined
  },
  (values) => {
    const policy = readPath(values, 'meshConfig.defaultHttpRetryPolicy')
    if (!isRecord(policy)) return undefined
    const { attempts, retryOn } = policy
    if (typeof attempts !== 'number' || !Number.isInteger(attempts) || attempts < 0 || attempts > MAX_ATTEMPTS)
      return undefined
    if (retryOn === undefined) return { traffic: { retries: { attempts } } }
    const conditions = isText(retryOn) ? retryOn.split(',') : []
    const fits = conditions.length > 0 && conditions.length <= MAX_CONDITIONS && conditions.every((each) => each !== '')
    return { traffic: { retries: { attempts, ...(fits ? { retryOn: conditions } : {}) } } }
  },
]

function resourcesOf(value: unknown): NonNullable<MeshSpec['controlPlane']['resources']> | undefined {
  if (!isRecord(value)) return undefined
  const parts = Object.entries(value).flatMap(([part, quantities]) => {
    if (!['requests', 'limits'].includes(part) || !isRecord(quantities)) return []
    const fitting = Object.entries(quantities).filter(
      ([name, each]) => ['cpu', 'memory'].includes(name) && typeof each === 'string' && QUANTITY.test(each),
    )
    return fitting.length === 0 ? [] : [[part, Object.fromEntries(fitting)] as const]
  })
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT

const oneOf = (value: unknown, choices: readonly string[]): value is string =>
  typeof value === 'string' && choices.includes(value)
