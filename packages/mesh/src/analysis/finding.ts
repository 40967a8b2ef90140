import type { KindId, KubeResource } from '@meshdeck/kube'
import { FINDING_CODES, type FindingCode, type FindingLevel } from './codes.ts'

/** A change of one field that mends what was found, where it is sure. */
export type Fix =
  | { op: 'set'; path: readonly (string | number)[]; value: unknown }
  | { op: 'remove'; path: readonly (string | number)[] }

/** Something that an analysis has to say of one object. */
export interface Finding {
  code: FindingCode
  level: FindingLevel
  cluster: string
  kind: KindId
  /** Empty with kinds that have none. */
  namespace: string
  name: string
  /** Where in the object, as API servers name fields (`spec.http[0].route[1].destination.host`); empty: all of it. */
  path: string
  /** What the words of the code are filled with. */
  values: Readonly<Record<string, string>>
  /** The object asks for silence on this code by Istio's annotation. */
  suppressed?: true
  fix?: readonly Fix[]
}

/** What a rule says; where and how grave it is follows from the object and the code. */
export interface Remark {
  code: FindingCode
  object: KubeResource
  kind: KindId
  path?: string
  values?: Readonly<Record<string, string>>
  fix?: readonly Fix[]
}

/** Source: https://istio.io/latest/docs/ops/diagnostic-tools/istioctl-analyze/#ignoring-specific-analyzer-messages-via-cli */
const SUPPRESS_ANNOTATION = 'galley.istio.io/analyze-suppress'

export function toFinding(cluster: string, { code, object, kind, path = '', values = {}, fix }: Remark): Finding {
  const { namespace = '', name, annotations } = object.metadata
  const silenced = annotations?.[SUPPRESS_ANNOTATION]?.split(',').map((each) => each.trim()) ?? []
  return {
    code,
    level: FINDING_CODES[code].level,
    cluster,
    kind,
    namespace,
    name,
    path,
    values,
    ...(silenced.includes('*') || silenced.includes(code) ? { suppressed: true } : {}),
    ...(fix === undefined ? {} : { fix }),
  }
}

/** Two runs that find the same give the same key. */
export function findingKey({ code, cluster, kind, namespace, name, path, values }: Finding): string {
  return JSON.stringify([code, cluster, kind, namespace, name, path, values])
}
