/**
 * Writes down what a real API server serves, as data of the sandbox: kinds, their schemas, and the definitions of Istio
 * and Gateway API. Descriptions are left out. Run it on a lab that is up, after a change of the lab's versions:
 *
 *     node e2e/lab/src/api-snapshot.ts
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labState } from './inspect.ts'
import { runCommand } from './run-command.ts'

const DATA = join(import.meta.dirname, '../../../packages/sandbox/data')

const GROUP_VERSIONS = [
  'v1',
  'apps/v1',
  'batch/v1',
  'autoscaling/v2',
  'policy/v1',
  'networking.k8s.io/v1',
  'discovery.k8s.io/v1',
  'rbac.authorization.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'coordination.k8s.io/v1',
  'storage.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
]

/** Served by real servers, of no use without the machines or the storage behind them. */
const LEFT_OUT = new Set([
  'bindings',
  'componentstatuses',
  'csidrivers',
  'csinodes',
  'csistoragecapacities',
  'ipaddresses',
  'podtemplates',
  'replicationcontrollers',
  'servicecidrs',
  'volumeattachments',
  'volumeattributesclasses',
])

/** Subresources that the sandbox serves; nothing runs in its pods. */
const SUBRESOURCES = new Set(['status', 'scale', 'log', 'portforward', 'eviction', 'token', 'finalize'])

type Json = Record<string, unknown>

const { bin, kubeconfig } = await labState()

async function get(path: string): Promise<Json> {
  const value: unknown = JSON.parse(await runCommand(bin.kubectl, ['--kubeconfig', kubeconfig, 'get', '--raw', path]))
  return record(value)
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

const path = (groupVersion: string): string => (groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`)

async function types(groupVersion: string): Promise<Json[]> {
  const resources = list((await get(`/${path(groupVersion)}`))['resources']).map(record)
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion]
  return resources
    .filter(({ name }) => !String(name).includes('/') && !LEFT_OUT.has(String(name)))
    .map((resource) => ({
      group,
      version,
      plural: resource['name'],
      singular: resource['singularName'],
      kind: resource['kind'],
      namespaced: resource['namespaced'],
      shortNames: list(resource['shortNames']),
      categories: list(resource['categories']),
      subresources: resources
        .map(({ name }) => String(name).split('/'))
        .filter(([plural, subresource]) => plural === resource['name'] && SUBRESOURCES.has(subresource ?? ''))
        .map(([, subresource]) => subresource),
      verbs: list(resource['verbs']).toSorted(),
    }))
}

/** A schema without descriptions; a field that is called so stays. */
function bare(value: unknown, isFields = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => isFields || name !== 'description' || typeof inner !== 'string')
      .map(([name, inner]) => [name, bare(inner, !isFields && name === 'properties')]),
  )
}

async function schemas(kinds: readonly Json[]): Promise<Json> {
  const all: Json = {}
  for (const groupVersion of GROUP_VERSIONS) {
    Object.assign(all, record(record((await get(`/openapi/v3/${path(groupVersion)}`))['components'])['schemas']))
  }
  const wanted = Object.keys(all).filter((name) =>
    list(record(all[name])['x-kubernetes-group-version-kind']).some((gvk) =>
      kinds.some(({ group, version, kind }) => {
        const found = record(gvk)
        return found['group'] === group && found['version'] === version && found['kind'] === kind
      }),
    ),
  )
  // With all that they point to.
  const kept: Json = {}
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (name in kept) continue
    kept[name] = bare(all[name])
    for (const [, reference] of JSON.stringify(kept[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (reference !== undefined) wanted.push(reference)
    }
  }
  return Object.fromEntries(Object.entries(kept).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function definitions(isWanted: (group: string) => boolean): Promise<Json[]> {
  const items = list((await get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions'))['items']).map(record)
  return items
    .filter(({ spec }) => isWanted(String(record(spec)['group'])))
    .map(({ metadata, spec }) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: record(metadata)['name'], labels: record(metadata)['labels'], annotations: marks(metadata) },
      spec: bare(spec),
    }))
}

/** What says which release of Gateway API this is. */
function marks(metadata: unknown): Json {
  const annotations = Object.entries(record(record(metadata)['annotations']))
  return Object.fromEntries(annotations.filter(([name]) => name.startsWith('gateway.networking.k8s.io/')))
}

/** Modules whose `.proto` files say how kubectl writes the kinds that it makes itself. */
const PROTO_MODULES = ['k8s.io/api', 'k8s.io/apimachinery']
/** Kinds that clients send, by group and version; what they consist of comes along. */
const SENT = [
  ['apps/v1', 'api'],
  ['authentication/v1', 'api'],
  ['authorization/v1', 'api'],
  ['autoscaling/v1', 'api'],
  ['autoscaling/v2', 'api'],
  ['batch/v1', 'api'],
  ['coordination/v1', 'api'],
  ['core/v1', 'api'],
  ['networking/v1', 'api'],
  ['policy/v1', 'api'],
  ['rbac/v1', 'api'],
  ['scheduling/v1', 'api'],
  ['pkg/apis/meta/v1', 'apimachinery'],
  ['pkg/api/resource', 'apimachinery'],
  ['pkg/runtime', 'apimachinery'],
  ['pkg/util/intstr', 'apimachinery'],
] as const

/** Messages as `{ name: { number: [field, type, kind] } }`, where the kind is `one`, `list` or `map`. */
async function messages(): Promise<Json> {
  const cache = (await runCommand('go', ['env', 'GOMODCACHE'])).trim()
  const goMod = await readFile(join(import.meta.dirname, '../go/go.mod'), 'utf8')
  const found: Json = {}
  for (const [path, module] of SENT) {
    const name = PROTO_MODULES.find((candidate) => candidate.endsWith(`/${module}`))
    const version = new RegExp(`\\s${name} => ${name} (v\\S+)`).exec(goMod)?.[1]
    const text = await readFile(join(cache, `${name}@${version}`, path, 'generated.proto'), 'utf8')
    const own = /^package (\S+);/m.exec(text)?.[1] ?? ''
    for (const [, message, body] of text.replaceAll(/^\s*\/\/.*$/gm, '').matchAll(/^message (\w+) \{(.*?)^\}/gms)) {
      found[`${own}.${message}`] = Object.fromEntries(
        [...(body ?? '').matchAll(/(optional|repeated|map<string, )\s*([\w.]+)>? (\w+) = (\d+);/g)].map(
          ([, label, type = '', field, number]) => [
            number,
            [field, nameOf(type, own), label === 'optional' ? 'one' : label === 'repeated' ? 'list' : 'map'],
          ],
        ),
      )
    }
  }
  return found
}

const SCALARS = new Set(['string', 'bytes', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'double'])

function nameOf(type: string, own: string): string {
  if (SCALARS.has(type)) return type
  return type.startsWith('.') ? type.slice(1) : `${own}.${type}`
}

async function write(name: string, value: unknown): Promise<void> {
  const text = `${JSON.stringify(value)}\n`
  await writeFile(join(DATA, name), text)
  console.log(`${name}: ${Math.round(text.length / 1024)} KiB`)
}

await mkdir(DATA, { recursive: true })
const kinds = (await Promise.all(GROUP_VERSIONS.map(types))).flat()
await write('builtin-types.json', kinds)
await write('builtin-schemas.json', await schemas(kinds))
await write('istio-crds.json', await definitions((group) => group.endsWith('.istio.io')))
await write('gateway-api-crds.json', await definitions((group) => group === 'gateway.networking.k8s.io'))
await write('messages.json', await messages())
