import { randomBytes } from 'node:crypto'
import { Cluster } from './api/cluster.ts'
import { StatusError } from './api/status-error.ts'
import { Authenticator, DEFAULT_AUDIENCE } from './auth/authenticator.ts'
import { Authorizer } from './auth/authorizer.ts'
import { bootstrapRbac } from './auth/bootstrap-rbac.ts'
import { CertificateAuthority } from './auth/certificates.ts'
import { startControllers } from './controllers/start-controllers.ts'
import type { Controllers } from './controllers/start-controllers.ts'
import type { Pace } from './controllers/work-queue.ts'
import { KUBERNETES_VERSION } from './discovery/discovery.ts'
import type { FleetCluster, Person } from './fleets/fleet.ts'
import { createApiHandler } from './http/api-handler.ts'
import { ApiServer } from './http/api-server.ts'
import type { Peers } from './istio/peers.ts'
import type { MeshMember } from './istio/proxy/mesh-services.ts'
import { podPrograms } from './istio/proxy/pod-programs.ts'
import { istioAdmission } from './istio/istio-admission.ts'
import type { KubeconfigCluster } from './kubeconfig.ts'
import type { KubeObject } from './kube-object.ts'
import { firstObjects } from './past/past-changes.ts'
import { resourceKey } from './kube-object.ts'
import { TypeRegistry } from './schema/type-registry.ts'
import type { Clock } from './store/cluster-api.ts'

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease']
/** Before one of these is created, what came before it must have come to rest. */
const NEEDS_REST = new Set(['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet'])
const OWNER = { name: 'sandbox-owner', groups: ['system:masters'] }
const DAY_MS = 86_400_000

export interface SandboxClusterOptions {
  readonly definition: FleetCluster
  readonly people: readonly Person[]
  readonly meshAuthority: CertificateAuthority
  readonly peers: Peers
  /** The clusters of its mesh, this one among them. */
  readonly members: () => readonly MeshMember[]
  readonly clock: Clock
  readonly random: () => number
  readonly onError: (error: unknown) => void
}

/** One cluster of the sandbox: an API server on its own port, with all that acts behind it. */
export class SandboxCluster {
  readonly name: string
  readonly cluster: Cluster
  readonly api: ApiServer
  readonly #authority: CertificateAuthority
  readonly #controllers: Controllers
  readonly #tokens: ReadonlyMap<string, string>

  private constructor(parts: {
    cluster: Cluster
    api: ApiServer
    authority: CertificateAuthority
    controllers: Controllers
    tokens: ReadonlyMap<string, string>
  }) {
    this.name = parts.cluster.name
    this.cluster = parts.cluster
    this.api = parts.api
    this.#authority = parts.authority
    this.#controllers = parts.controllers
    this.#tokens = parts.tokens
  }

  /** Resolves once the cluster has come to rest: its pods run, its Services have their endpoints. */
  static async start({
    definition,
    people,
    meshAuthority,
    peers,
    members,
    clock,
    random,
    onError,
  }: SandboxClusterOptions): Promise<SandboxCluster> {
    const cluster = new Cluster({ name: definition.name, types: new TypeRegistry(), clock })
    cluster.admission.push(istioAdmission(cluster, peers))
    const authority = await CertificateAuthority.create(`${definition.name}-authority`)
    const pace: Pace = { instant: true }
    for (const name of NAMESPACES) put(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    for (const object of bootstrapRbac()) put(cluster, object)
    const authenticator = new Authenticator(cluster, clock)
    const controllers = startControllers({
      cluster,
      authority: authority.pem,
      meshRoot: await meshAuthority.pair(),
      issueToken: (account, seconds) => authenticator.issue(account, [DEFAULT_AUDIENCE], seconds).token,
      peers,
      pace,
      random,
      onError,
    })
    for (const object of firstObjects(definition)) {
      // Pods that start before istiod is there would have no sidecar, and rules nobody who checks them.
      if (NEEDS_REST.has(object.kind)) await controllers.settled()
      put(cluster, object)
    }
    await controllers.settled()
    pace.instant = false

    const tokens = new Map<string, string>()
    for (const { id, username, groups } of people) {
      const token = randomBytes(24).toString('base64url')
      tokens.set(id, token)
      authenticator.addToken(token, { username, groups })
    }
    const handler = createApiHandler({
      cluster,
      authenticator,
      authorizer: new Authorizer(cluster),
      version: definition.version,
      programs: podPrograms({
        api: cluster,
        name: definition.name,
        peers,
        members,
        now: () => clock.now(),
        sign: (identity, validity) => meshAuthority.workload(identity, validity),
        root: meshAuthority.pem,
      }),
      onError,
    })
    const api = await ApiServer.start({
      handler,
      serving: await authority.server(),
      authority: authority.pem,
      port: 0,
      compact: () => cluster.store.compact(),
    })
    return new SandboxCluster({ cluster, api, authority, controllers, tokens })
  }

  /** The bearer token of a person; none for one that the fleet does not have. */
  token(person: string): string | undefined {
    return this.#tokens.get(person)
  }

  /** For the owner of the sandbox, whom RBAC does not hold. */
  async ownerAccess(): Promise<KubeconfigCluster> {
    const user = await this.#authority.client(OWNER.name, OWNER.groups)
    return { name: this.name, server: this.api.url, authority: this.#authority.pem, user }
  }

  /** With a client certificate that ended yesterday. */
  async expiredAccess(): Promise<KubeconfigCluster> {
    const now = Date.now()
    const validity = { notBefore: new Date(now - 2 * DAY_MS), notAfter: new Date(now - DAY_MS) }
    const user = await this.#authority.client(OWNER.name, OWNER.groups, validity)
    return { name: this.name, server: this.api.url, authority: this.#authority.pem, user }
  }

  /** @throws Error for a person that the fleet does not have. */
  personAccess(person: string): KubeconfigCluster {
    const token = this.#tokens.get(person)
    if (token === undefined) {
      throw new Error(`no person "${person}" here; there are ${[...this.#tokens.keys()].join(', ')}`)
    }
    return { name: this.name, server: this.api.url, authority: this.#authority.pem, user: { token } }
  }

  async stop(): Promise<void> {
    this.#controllers.stop()
    await this.api.stop()
  }
}

/** Creates an object by its kind; what is there already stays. */
function put(cluster: Cluster, object: KubeObject): void {
  const slash = object.apiVersion.lastIndexOf('/')
  const group = slash < 0 ? '' : object.apiVersion.slice(0, slash)
  const type = cluster.types.byKind(group, object.apiVersion.slice(slash + 1), object.kind)
  if (type === undefined) throw new Error(`${cluster.name}: no kind ${object.kind} in ${object.apiVersion}`)
  const resource = resourceKey(type.group, type.plural)
  const { status } = object
  try {
    const made = cluster.create(resource, { ...object, apiVersion: object.apiVersion })
    if (status !== undefined && type.subresources.includes('status'))
      cluster.updateStatus(resource, { ...made, status })
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.reason !== 'AlreadyExists') throw error
  }
}

export { KUBERNETES_VERSION }
