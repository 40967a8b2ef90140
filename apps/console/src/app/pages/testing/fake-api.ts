import type {
  AccessCheck,
  AccessRequest,
  AccessResponse,
  AskReferences,
  EventFrame,
  FindingPage,
  FindingsPreview,
  MeshList,
  Problem,
  ReferencesAnswer,
  ResourcePage,
  ResourceRow,
  Session,
  Topology,
} from '@meshdeck/contract'
import { findKindByPath, type KubeResource } from '@meshdeck/kube'
import { http, HttpResponse, type DefaultBodyType } from 'msw'
import { setupServer } from 'msw/node'

const SESSION: Session = { mode: 'local', user: { name: 'local', groups: [] }, version: '0.1.0' }
/** The mesh `shop` with the cluster `alpha`. */
export const MESHES: MeshList = {
  items: [
    {
      name: 'shop',
      mode: 'External',
      phase: 'Running',
      namespace: 'istio-system',
      controlPlaneCluster: 'alpha',
      clusters: [{ name: 'alpha', state: 'reachable', phase: 'Running' }],
      conditions: [],
      protected: false,
      counters: {
        clusters: { healthy: 1, total: 1 },
        services: { healthy: 1, total: 1 },
        pods: { running: 1, injected: 1, total: 1 },
        proxyVersions: [],
        gateways: { ingress: 0, egress: 0 },
      },
    },
  ],
  failures: [],
}

const NO_FINDINGS: FindingPage = {
  items: [],
  total: 0,
  all: 0,
  page: 1,
  pageSize: 50,
  counts: { error: 0, warning: 0, info: 0 },
  codes: [],
  hidden: [],
  failures: [],
}
const NOT_FOUND: Problem = { type: 'about:blank', code: 'not-found', title: 'Not found', status: 404 }

/** A request that changes something, as the BFF would see it. */
export interface SeenWrite {
  method: string
  path: string
  dryRun: boolean
  body: KubeResource
}

export const problemResponse = (problem: Problem) =>
  HttpResponse.json(problem, { status: problem.status, headers: { 'content-type': 'application/problem+json' } })

/** The API of one mesh with one cluster, kept in memory: stands where the BFF would. */
export function createFakeApi() {
  const objects = new Map<string, KubeResource>()
  const writes: SeenWrite[] = []
  const state = {
    may: (_check: AccessCheck): boolean => true,
    /** What the server says to a write; `undefined` lets it pass. */
    refuse: (_write: SeenWrite): Problem | undefined => undefined,
    /** Whether the connection breaks: after what was asked is done, or before. */
    cut: (_write: SeenWrite): 'answer' | 'request' | undefined => undefined,
    warnings: [] as string[],
  }
  const streams: ReadableStreamDefaultController<Uint8Array>[] = []
  let version = 1
  const send = (frame: EventFrame): void => {
    streams.at(-1)?.enqueue(new TextEncoder().encode(`event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`))
  }

  const keyOf = (plural: string, { metadata }: KubeResource) => `${plural}/${metadata.namespace ?? ''}/${metadata.name}`
  const put = (plural: string, object: KubeResource): KubeResource => {
    version += 1
    const kept = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: 'u1',
        resourceVersion: String(version),
        creationTimestamp: '2026-11-24T00:00:00Z',
      },
    }
    objects.set(keyOf(plural, object), kept)
    return kept
  }
  const page = (plural: string): ResourcePage => {
    const items = [...objects]
      .filter(([key]) => key.startsWith(`${plural}/`))
      .map(([, resource]): ResourceRow => ({ cluster: 'alpha', resource }))
    return { items, total: items.length, all: items.length, page: 1, pageSize: 50, failures: [], missing: [] }
  }
  const write = async (
    request: Request,
    plural: string,
    current: KubeResource | undefined,
  ): Promise<HttpResponse<DefaultBodyType>> => {
    const url = new URL(request.url)
    const body = (await request.json()) as KubeResource
    const seen = { method: request.method, path: url.pathname, dryRun: url.searchParams.get('dryRun') === 'All', body }
    writes.push(seen)
    const cut = seen.dryRun ? undefined : state.cut(seen)
    if (cut === 'request') return HttpResponse.error()
    const refusal = state.refuse(seen)
    if (refusal) return problemResponse(refusal)
    if (current && body.metadata.resourceVersion !== current.metadata.resourceVersion) {
      return problemResponse({ type: 'about:blank', code: 'conflict', title: 'Conflict', status: 409, current })
    }
    if (!current && objects.has(keyOf(plural, body)))
      return problemResponse({ type: 'about:blank', code: 'already-exists', title: 'Exists', status: 409 })
    if (cut === 'answer') {
      put(plural, body)
      return HttpResponse.error()
    }
    const headers = { warning: state.warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') }
    return HttpResponse.json(seen.dryRun ? body : put(plural, body), { headers })
  }

  const server = setupServer(
    http.get('*/api/v1/session', () => HttpResponse.json(SESSION)),
    http.get('*/api/v1/meshes', () => HttpResponse.json(MESHES)),
    http.get('*/api/v1/events', () => {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          streams.push(controller)
          send({ type: 'ready' })
        },
      })
      return new HttpResponse(stream, { headers: { 'content-type': 'text/event-stream' } })
    }),
    http.post<never, AccessRequest>('*/api/v1/access', async ({ request }) => {
      const { checks } = await request.json()
      return HttpResponse.json({
        results: checks.map((check) => ({ allowed: state.may(check) })),
      } satisfies AccessResponse)
    }),
    http.get('*/api/v1/meshes/shop/topology', () =>
      HttpResponse.json({
        at: 0,
        window: 3600,
        latency: 'none',
        nodes: [],
        edges: [],
        failures: [],
      } satisfies Topology),
    ),
    http.get('*/api/v1/clusters/:cluster/schemas/:plural', () => problemResponse(NOT_FOUND)),
    http.get('*/api/v1/meshes/shop/findings', () => HttpResponse.json(NO_FINDINGS)),
    http.post('*/api/v1/meshes/shop/findings/-preview', () =>
      HttpResponse.json({ fresh: [], solved: [], own: [], hidden: [], failures: [] } satisfies FindingsPreview),
    ),
    http.post<never, AskReferences>('*/api/v1/meshes/shop/-references', async ({ request }) => {
      const { targets } = await request.json()
      return HttpResponse.json({
        items: targets.map(() => ({ uses: [], usedBy: [] })),
        hidden: [],
        failures: [],
      } satisfies ReferencesAnswer)
    }),
    http.get('*/api/v1/meshes/shop/resources/:plural', ({ params }) =>
      HttpResponse.json(page(String(params['plural']))),
    ),
    http.get('*/api/v1/clusters/alpha/resources/:plural', ({ params }) =>
      HttpResponse.json(page(String(params['plural']))),
    ),
    http.post('*/api/v1/clusters/alpha/resources/:plural', ({ request, params }) =>
      write(request, String(params['plural']), undefined),
    ),
    http.get('*/api/v1/clusters/alpha/resources/:plural/:namespace/:name', ({ params }) => {
      const found = objects.get(`${String(params['plural'])}/${String(params['namespace'])}/${String(params['name'])}`)
      return found ? HttpResponse.json(found) : problemResponse(NOT_FOUND)
    }),
    http.delete('*/api/v1/clusters/alpha/resources/:plural/:namespace/:name', ({ params, request }) => {
      const key = `${String(params['plural'])}/${String(params['namespace'])}/${String(params['name'])}`
      const wanted = new URL(request.url).searchParams.get('resourceVersion')
      if (wanted !== null && objects.has(key) && objects.get(key)?.metadata.resourceVersion !== wanted)
        return problemResponse({ type: 'about:blank', code: 'conflict', title: 'Conflict', status: 409 })
      return objects.delete(key) ? HttpResponse.json({}) : problemResponse(NOT_FOUND)
    }),
    http.put('*/api/v1/clusters/alpha/resources/:plural/:namespace/:name', ({ request, params }) =>
      write(
        request,
        String(params['plural']),
        objects.get(`${String(params['plural'])}/${String(params['namespace'])}/${String(params['name'])}`),
      ),
    ),
  )
  return {
    server,
    writes,
    state,
    /** Plural, namespace and name of all that is kept. */
    kept: () => [...objects.keys()],
    /** Keeps an object, as if somebody had written it with kubectl. */
    keep(plural: string, object: KubeResource): KubeResource {
      if (!findKindByPath(plural)) throw new Error(`no kind has the path ${plural}`)
      return put(plural, object)
    },
    /** Sends a frame to the page that was opened last. */
    notify: send,
    /** Ends the event stream of the page that was opened last; the page connects again and then asks for everything. */
    hangUp: () => streams.at(-1)?.close(),
    reset() {
      objects.clear()
      streams.length = 0
      writes.length = 0
      state.may = () => true
      state.refuse = () => undefined
      state.cut = () => undefined
      state.warnings = []
      server.resetHandlers()
    },
  }
}
