import { addressDenial, AddressDeniedError, guardedLookup, messageOf, type AddressPolicy } from '@meshdeck/kube-client'
import type { ChartAnswer } from '@meshdeck/mesh'
import { Agent, request, type Dispatcher } from 'undici'

/** The chart that every mesh needs first stands for all of Istio's. */
const CHART = 'base'
const MAX_REDIRECTS = 3
/** Istio's own index has half of this. */
const MAX_INDEX_BYTES = 16 * 2 ** 20
/** Of an entry in the index of a repository. */
const VERSION_LINE = /^\s*(?:- )?version: ["']?v?([^"'\s]+)["']?\s*$/
const MANIFEST_TYPES = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json'

export interface ChartSourceOptions {
  policy: AddressPolicy
  signal: AbortSignal
  /** PEM of an authority to trust beside those of this machine; for tests. */
  authority?: string
}

interface Asking extends ChartSourceOptions {
  dispatcher: Dispatcher
}

/**
 * Asks a source of charts for those of a version of Istio (`1.30.3`), without any credential: a repository
 * (`https://…`) for its index, a registry (`oci://…`) for a manifest. A folder only the controller sees. Never rejects.
 * Source: https://helm.sh/docs/topics/chart_repository/, https://github.com/opencontainers/distribution-spec
 */
export async function askChartSource(
  source: string,
  version: string,
  options: ChartSourceOptions,
): Promise<ChartAnswer> {
  const url = URL.parse(source)
  if (url === null || !/^(https?|oci):$/.test(url.protocol)) return { state: 'notSeen' }
  const { policy, authority } = options
  const dispatcher = new Agent({
    connect: { lookup: guardedLookup(policy), ...(authority === undefined ? {} : { ca: authority }) },
  })
  const asking = { ...options, dispatcher }
  try {
    const path = `${url.host}${url.pathname.replace(/\/+$/, '')}`
    return await (url.protocol === 'oci:'
      ? askRegistry(path, version, asking)
      : askRepository(`${url.protocol}//${path}/index.yaml`, version, asking))
  } catch (error) {
    const text = error instanceof AddressDeniedError ? 'its address is not allowed' : messageOf(error)
    return { state: 'unreachable', message: text }
  } finally {
    void dispatcher.close()
  }
}

async function askRepository(index: string, version: string, asking: Asking): Promise<ChartAnswer> {
  const answer = await get(index, {}, asking)
  if (answer.statusCode !== 200) return judge(answer, index)
  const text = await readText(answer.body)
  const offered = text.split('\n').map((line) => VERSION_LINE.exec(line)?.[1])
  return offered.includes(version)
    ? { state: 'found' }
    : { state: 'absent', message: `${index} names no version ${version}` }
}

async function askRegistry(path: string, version: string, asking: Asking): Promise<ChartAnswer> {
  const [host = '', ...rest] = path.split('/')
  const name = [...rest, CHART].join('/')
  const manifest = `https://${host}/v2/${name}/manifests/${encodeURIComponent(version)}`
  const headers = { accept: MANIFEST_TYPES }
  const first = await get(manifest, headers, asking)
  const realm = first.statusCode === 401 ? tokenAddress(first.headers['www-authenticate'], name) : undefined
  await first.body.dump()
  if (realm === undefined) return judge(first, manifest)
  // Registries that are open to all want a token that is given to anybody.
  const granted = await get(realm, {}, asking)
  const token = tokenOf(granted.statusCode === 200 ? await readText(granted.body) : '')
  if (token === undefined) return judge(first, manifest)
  const second = await get(manifest, { ...headers, authorization: `Bearer ${token}` }, asking)
  await second.body.dump()
  return judge(second, manifest)
}

function judge({ statusCode }: Dispatcher.ResponseData, address: string): ChartAnswer {
  const message = `${address} answered ${statusCode}`
  if (statusCode === 200) return { state: 'found' }
  if (statusCode === 404) return { state: 'absent', message }
  return { state: statusCode === 401 || statusCode === 403 ? 'refused' : 'unreachable', message }
}

/** `Bearer realm="…",service="…"`. Source: https://distribution.github.io/distribution/spec/auth/token/ */
function tokenAddress(header: string | string[] | undefined, name: string): string | undefined {
  const text = String(header ?? '')
  const part = (key: string): string | undefined => new RegExp(`${key}="([^"]*)"`).exec(text)?.[1]
  const realm = /^bearer /i.test(text) ? URL.parse(part('realm') ?? '') : null
  if (realm === null) return undefined
  const service = part('service')
  if (service !== undefined) realm.searchParams.set('service', service)
  realm.searchParams.set('scope', `repository:${name}:pull`)
  return realm.href
}

function tokenOf(text: string): string | undefined {
  return /"(?:access_)?token"\s*:\s*"([A-Za-z0-9._~+/=-]+)"/.exec(text)?.[1]
}

/** Follows a few redirects, each to an address that is allowed. */
async function get(address: string, headers: Record<string, string>, asking: Asking): Promise<Dispatcher.ResponseData> {
  let url = new URL(address)
  for (let redirects = 0; ; redirects += 1) {
    // An address that is not a name never reaches the guarded lookup.
    const denial = addressDenial(url.hostname, asking.policy)
    if (denial !== undefined) throw new AddressDeniedError(denial)
    const { dispatcher, signal } = asking
    const answer = await request(url, { headers, dispatcher, signal })
    const next = answer.headers['location']
    if (answer.statusCode < 300 || answer.statusCode > 399 || typeof next !== 'string' || redirects === MAX_REDIRECTS)
      return answer
    await answer.body.dump()
    const target = new URL(next, url)
    // A token is for the registry that asked for it.
    if (target.host !== url.host) delete headers['authorization']
    url = target
  }
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_INDEX_BYTES) throw new Error(`its index is larger than ${MAX_INDEX_BYTES / 2 ** 20} MiB`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
