import {
  isRecord,
  MESH_LABEL,
  readPath,
  type AdoptedRelease,
  type AdoptedResource,
  type KubeResource,
  type MeshSpec,
} from '@meshdeck/kube'
import { adoptedValues } from './adopted.ts'
import { fieldsOf } from './adopt-values.ts'
import { isSame, type Values } from './values.ts'

/** A Helm release as Helm keeps it. */
export interface FoundRelease {
  name: string
  namespace: string
  chart: string
  chartVersion: string
  appVersion?: string
  /** `deployed`, `failed`, `pending-upgrade`, … */
  status: string
  /** What was given with `--set` and `--values`. */
  values: Values
  labels?: Readonly<Record<string, string>>
}

/** Why an Istio cannot be taken over. */
export type AdoptionObstacle = 'noIstiod' | 'severalControlPlanes' | 'severalClusters' | 'notDeployed' | 'noVersion'
/** What to know before. */
export type AdoptionNote = 'pinnedTag' | 'versionAlias' | 'gitOps'

/** A release or resource, as it is and as Meshdeck would have it. */
export interface AdoptionPart {
  kind: 'HelmRelease' | AdoptedResource['kind']
  chart?: string
  namespace?: string
  name: string
  present: Values
  wanted: Values
  equal: boolean
}

/** An Istio that could be taken over. */
export interface Adoption {
  engine: 'Helm' | 'Sail'
  namespace: string
  revision: string
  version: string
  parts: AdoptionPart[]
  obstacles: AdoptionObstacle[]
  notes: AdoptionNote[]
  /** Of the mesh that runs it from then on. */
  spec: MeshSpec
}

const CHARTS = ['base', 'istiod', 'cni', 'ztunnel', 'gateway'] as const
const isIstioChart = (chart: string): chart is AdoptedRelease['chart'] => CHARTS.some((each) => each === chart)

/** What Argo CD and Flux mark their objects with. */
const GITOPS_MARKS = ['argocd.argoproj.io/', 'kustomize.toolkit.fluxcd.io/', 'helm.toolkit.fluxcd.io/']

/**
 * The Istio of a cluster that its Helm releases are, and the mesh that says the same. Nothing when there is none, or it is
 * a mesh's already. `detected` is istiod's version by its image. Pure.
 */
export function adoptReleases(
  cluster: string,
  found: readonly FoundRelease[],
  detected: string | undefined,
): Adoption | undefined {
  const own = CHARTS.flatMap((chart) => found.filter((each) => each.chart === chart)).filter(
    ({ labels }) => labels?.[MESH_LABEL] === undefined,
  )
  const planes = own.filter(({ chart }) => chart === 'istiod')
  const [plane] = planes
  if (own.length === 0) return undefined
  const values = plane?.values ?? {}
  const version = exact(detected) ?? exact(plane?.appVersion) ?? exact(plane?.chartVersion) ?? ''
  const revision = typeof values['revision'] === 'string' && values['revision'] !== '' ? values['revision'] : 'default'
  const namespace = plane?.namespace ?? own[0]?.namespace ?? ''
  const releases = own.flatMap(({ chart, name, namespace: place, values: given }): AdoptedRelease[] => {
    if (!isIstioChart(chart)) return []
    const kept = chart === 'istiod' || Object.keys(given).length === 0 ? {} : { values: given }
    return [{ chart, name, namespace: place, ...kept }]
  })
  const ambient = own.some(({ chart }) => chart === 'ztunnel')
  const spec = specOf({ engine: 'Helm', cluster, namespace, revision, version, values, ambient }, { releases })
  const parts = own.map(({ chart, name, namespace: place, values: present }): AdoptionPart => {
    const wanted = chart === 'istiod' ? adoptedValues(spec) : present
    return { kind: 'HelmRelease', chart, namespace: place, name, present, wanted, equal: isSame(present, wanted) }
  })
  return {
    engine: 'Helm',
    namespace,
    revision,
    version,
    parts,
    obstacles: [
      ...(plane === undefined ? (['noIstiod'] as const) : []),
      ...(planes.length > 1 ? (['severalControlPlanes'] as const) : []),
      ...(own.some(({ status }) => status !== 'deployed') ? (['notDeployed'] as const) : []),
      ...(servesOthers(values) ? (['severalClusters'] as const) : []),
      ...(version === '' ? (['noVersion'] as const) : []),
    ],
    notes: [
      ...(readPath(values, 'global.tag') === undefined ? [] : (['pinnedTag'] as const)),
      ...(own.some(({ labels }) => isByGitOps(labels)) ? (['gitOps'] as const) : []),
    ],
    spec,
  }
}

/** The same of the Sail Operator's resources: Istio, IstioCNI and ZTunnel. */
export function adoptResources(
  cluster: string,
  found: readonly KubeResource[],
  detected: string | undefined,
): Adoption | undefined {
  const own = found.filter(({ metadata }) => metadata.labels?.[MESH_LABEL] === undefined)
  const planes = own.filter(({ kind }) => kind === 'Istio')
  const [plane] = planes
  if (own.length === 0) return undefined
  const present = isRecord(plane?.spec) ? plane.spec : {}
  const values = isRecord(present['values']) ? present['values'] : {}
  const asked = exact(String(present['version'] ?? ''))
  const version = asked ?? exact(detected) ?? ''
  const namespace = typeof present['namespace'] === 'string' ? present['namespace'] : 'istio-system'
  const revision = plane?.metadata.name ?? 'default'
  const resources = own.flatMap(({ kind, metadata, spec }): AdoptedResource[] => {
    if (kind !== 'Istio' && kind !== 'IstioCNI' && kind !== 'ZTunnel') return []
    const { version: _version, values: given, ...rest } = isRecord(spec) ? spec : {}
    const kept = kind === 'Istio' || given === undefined ? rest : { ...rest, values: given }
    return [{ kind, name: metadata.name, ...(Object.keys(kept).length === 0 ? {} : { spec: kept }) }]
  })
  const ambient = resources.some(({ kind }) => kind === 'ZTunnel')
  const spec = specOf({ engine: 'Sail', cluster, namespace, revision, version, values, ambient }, { resources })
  const parts = resources.map(({ kind, name, spec: kept = {} }): AdoptionPart => {
    const object = own.find((each) => each.kind === kind && each.metadata.name === name)
    const before = isRecord(object?.spec) ? object.spec : {}
    const next = kind === 'Istio' ? adoptedValues(spec) : {}
    const wanted = { ...kept, version: `v${version}`, ...(Object.keys(next).length === 0 ? {} : { values: next }) }
    return { kind, name, present: before, wanted, equal: isSame(before, wanted) }
  })
  const isAlias = parts.some((part) => exact(String(part.present['version'] ?? '')) === undefined)
  return {
    engine: 'Sail',
    namespace,
    revision,
    version,
    parts,
    obstacles: [
      ...(plane === undefined ? (['noIstiod'] as const) : []),
      ...(planes.length > 1 ? (['severalControlPlanes'] as const) : []),
      ...(servesOthers(values) || present['profile'] === 'remote' ? (['severalClusters'] as const) : []),
      ...(version === '' ? (['noVersion'] as const) : []),
    ],
    notes: [
      ...(isAlias ? (['versionAlias'] as const) : []),
      ...(readPath(values, 'global.tag') === undefined ? [] : (['pinnedTag'] as const)),
      ...(own.some(({ metadata }) => isByGitOps({ ...metadata.labels, ...metadata.annotations }))
        ? (['gitOps'] as const)
        : []),
    ],
    spec,
  }
}

interface Plane {
  engine: 'Helm' | 'Sail'
  cluster: string
  namespace: string
  revision: string
  version: string
  values: Values
  ambient: boolean
}

function specOf(
  { engine, cluster, namespace, revision, version, values, ambient }: Plane,
  parts: Pick<NonNullable<MeshSpec['adopted']>, 'releases' | 'resources'>,
): MeshSpec {
  const named = revision === 'default' ? {} : { revision }
  const { fields, rest } = fieldsOf(values, { engine, ...(revision === 'default' ? {} : { revision }) })
  return {
    mode: 'Dedicated',
    engine,
    ...fields,
    controlPlane: { cluster, namespace, version, ...named, ...fields.controlPlane },
    ...(ambient ? { dataPlane: { ...fields.dataPlane, mode: 'Ambient' as const } } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { values: rest }),
    adopted: { version, ...parts },
  }
}

/** `1.30.3`, from `v1.30.3`; nothing for an alias such as `v1.30-latest`. */
function exact(version: string | undefined): string | undefined {
  const found = /^v?(\d+\.\d+\.\d+(?:-[a-z0-9.]+)?)$/.exec(version ?? '')?.[1]
  // The charts of Istio's own source tree say 1.0.0, whatever they install.
  return found === undefined || found === '1.0.0' ? undefined : found
}

/** Whether the values are of a control plane over several clusters, which is more than one cluster's releases. */
function servesOthers(values: Values): boolean {
  return (
    readPath(values, 'global.externalIstiod') === true ||
    values['profile'] === 'remote' ||
    readPath(values, 'istiodRemote.enabled') === true ||
    typeof readPath(values, 'global.remotePilotAddress') === 'string'
  )
}

const isByGitOps = (marks: Readonly<Record<string, string>> | undefined): boolean =>
  Object.keys(marks ?? {}).some((key) => GITOPS_MARKS.some((mark) => key.startsWith(mark)))
