import type { KubeObject } from '../kube-object.ts'
import { parseFieldSelector } from '../selectors/field-selector.ts'
import { parseLabelSelector } from '../selectors/label-selector.ts'
import type { ResourceType } from './resource-type.ts'

/** Which objects a list or a watch is about. */
export interface ObjectFilter {
  /** No selector at all. */
  readonly all: boolean
  matches(object: KubeObject): boolean
}

/** @throws StatusError 400 for a selector that cannot be read. */
export function objectFilter(type: ResourceType, query: URLSearchParams, name: string | undefined): ObjectFilter {
  const labels = query.get('labelSelector') ?? ''
  const fields = query.get('fieldSelector') ?? ''
  if (labels === '' && fields === '' && name === undefined) return { all: true, matches: () => true }
  const matchesLabels = parseLabelSelector(labels)
  const matchesFields = parseFieldSelector(fields, type)
  return {
    all: false,
    matches: (object) =>
      (name === undefined || object.metadata.name === name) &&
      matchesLabels(object.metadata.labels ?? {}) &&
      matchesFields(object),
  }
}
