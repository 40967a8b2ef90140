import type { ClusterView, EditCluster, PrometheusCredential, PrometheusHeaders } from '@meshdeck/contract'
import { headerFault } from '@meshdeck/kube'
import { isPrometheusAddress } from './join-input.ts'

/** What the form of a joined cluster holds. */
export interface EditInput {
  displayName: string
  provider: string
  region: string
  network: string
  prometheusUrl: string
  /** One a line: `Name: value`. */
  prometheusHeaders: string
  prometheusServerName: string
}

export const EDIT_FIELDS = [
  'displayName',
  'provider',
  'region',
  'network',
  'prometheusUrl',
  'prometheusHeaders',
  'prometheusServerName',
] as const

/** The cluster as its form shows it. */
export function toEditInput(cluster: ClusterView): EditInput {
  const { displayName = '', provider = '', region = '', network = '', prometheusUrl = '' } = cluster
  const { prometheusHeaders = [], prometheusServerName = '' } = cluster
  return {
    displayName,
    provider,
    region,
    network,
    prometheusUrl,
    prometheusHeaders: prometheusHeaders.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    prometheusServerName,
  }
}

/** Headers as they are typed, one a line. */
export function readHeaders(text: string): PrometheusHeaders {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', value = ''] = line.split(/:(.*)/s)
      return { name: name.trim(), value: value.trim() }
    })
}

/**
 * The input as it is sent, on top of the generation that was seen; members that are empty are left out. Without a
 * credential the one that is there stays.
 */
export function toEditCluster(
  input: EditInput,
  generation: number,
  credential: PrometheusCredential | undefined,
): EditCluster {
  const { prometheusHeaders, ...texts } = input
  const given = Object.entries(texts)
    .map(([field, value]) => [field, value.trim()] as const)
    .filter(([, value]) => value !== '')
  const headers = readHeaders(prometheusHeaders)
  return {
    generation,
    ...Object.fromEntries(given),
    ...(headers.length === 0 ? {} : { prometheusHeaders: headers }),
    ...(credential === undefined ? {} : { prometheusCredential: credential }),
  }
}

/** An i18n key of `edit.problems` in the namespace `joining`. */
export type EditProblem = 'tooLong' | 'prometheusInvalid' | 'headersInvalid'

const LONGEST: Partial<Record<keyof EditInput, number>> = {
  displayName: 60,
  provider: 63,
  region: 63,
  network: 63,
  prometheusServerName: 253,
}

/** What is wrong with the input, by field. */
export function editProblems(input: EditInput): Partial<Record<keyof EditInput, EditProblem>> {
  const tooLong = EDIT_FIELDS.filter((field) => input[field].trim().length > (LONGEST[field] ?? 20_000))
  return {
    ...Object.fromEntries(tooLong.map((field) => [field, 'tooLong' as const])),
    ...(isPrometheusAddress(input.prometheusUrl) ? {} : { prometheusUrl: 'prometheusInvalid' as const }),
    ...(headerFault(readHeaders(input.prometheusHeaders)) === undefined
      ? {}
      : { prometheusHeaders: 'headersInvalid' as const }),
  }
}

/** The same change by the API: a merge patch of the record, where `null` takes a member away. */
export function editCommand(name: string, before: EditInput, after: EditInput): string | undefined {
  const changed = EDIT_FIELDS.filter((field) => before[field].trim() !== after[field].trim())
  if (changed.length === 0) return undefined
  const text = (field: keyof EditInput): string | null => after[field].trim() || null
  const own = changed.filter((field) => !field.startsWith('prometheus')).map((field) => [field, text(field)] as const)
  const headers = readHeaders(after.prometheusHeaders)
  const prometheus = {
    ...(changed.includes('prometheusUrl') && { url: text('prometheusUrl') }),
    ...(changed.includes('prometheusHeaders') && { headers: headers.length === 0 ? null : headers }),
    ...(changed.includes('prometheusServerName') && {
      tls: after.prometheusServerName.trim() === '' ? null : { serverName: text('prometheusServerName') },
    }),
  }
  const spec = {
    ...Object.fromEntries(own),
    ...(Object.keys(prometheus).length > 0 && { prometheus: text('prometheusUrl') === null ? null : prometheus }),
  }
  const patch = JSON.stringify({ spec }).replaceAll("'", String.raw`'\''`)
  return `kubectl --context HUB patch clusters.meshdeck.io ${name} --type merge -p '${patch}'`
}
