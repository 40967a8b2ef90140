import type { ClusterView, EditCluster } from '@meshdeck/contract'
import { isPrometheusAddress } from './join-input.ts'

/** What the form of a joined cluster holds. */
export interface EditInput {
  displayName: string
  provider: string
  region: string
  network: string
  prometheusUrl: string
}

export const EDIT_FIELDS = ['displayName', 'provider', 'region', 'network', 'prometheusUrl'] as const

/** The cluster as its form shows it. */
export function toEditInput(cluster: ClusterView): EditInput {
  const { displayName = '', provider = '', region = '', network = '', prometheusUrl = '' } = cluster
  return { displayName, provider, region, network, prometheusUrl }
}

/** The input as it is sent, on top of the generation that was seen; members that are empty are left out. */
export function toEditCluster(input: EditInput, generation: number): EditCluster {
  const given = EDIT_FIELDS.map((field) => [field, input[field].trim()] as const).filter(([, value]) => value !== '')
  return { generation, ...Object.fromEntries(given) }
}

/** An i18n key of `edit.problems` in the namespace `joining`. */
export type EditProblem = 'tooLong' | 'prometheusInvalid'

const LONGEST: Partial<Record<keyof EditInput, number>> = { displayName: 60, provider: 63, region: 63, network: 63 }

/** What is wrong with the input, by field. */
export function editProblems(input: EditInput): Partial<Record<keyof EditInput, EditProblem>> {
  const tooLong = EDIT_FIELDS.filter((field) => input[field].trim().length > (LONGEST[field] ?? 2048))
  return {
    ...Object.fromEntries(tooLong.map((field) => [field, 'tooLong' as const])),
    ...(isPrometheusAddress(input.prometheusUrl) ? {} : { prometheusUrl: 'prometheusInvalid' as const }),
  }
}

/** The same change by the API: a merge patch of the record, where `null` takes a member away. */
export function editCommand(name: string, before: EditInput, after: EditInput): string | undefined {
  const changed = EDIT_FIELDS.filter((field) => before[field].trim() !== after[field].trim())
  if (changed.length === 0) return undefined
  const spec = Object.fromEntries(
    changed.map((field) => {
      const value = after[field].trim()
      if (field === 'prometheusUrl') return ['prometheus', value === '' ? null : { url: value }]
      return [field, value === '' ? null : value]
    }),
  )
  const patch = JSON.stringify({ spec }).replaceAll("'", String.raw`'\''`)
  return `kubectl --context HUB patch clusters.meshdeck.io ${name} --type merge -p '${patch}'`
}
