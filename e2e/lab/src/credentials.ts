import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderKubeconfig } from './kubeconfig.ts'
import type { KubeconfigEntry } from './kubeconfig.ts'
import { clusterPaths, labPaths } from './layout.ts'
import { OWNER, PEOPLE, PERSON_NAMES } from './people.ts'
import type { Person, PersonName } from './people.ts'
import { runCommand } from './run-command.ts'
import type { ClusterState } from './state.ts'

/** A certificate and its private key, PEM. */
export interface Pair {
  readonly certificate: string
  readonly key: string
}

/** What `kube pki` answers. */
export interface ClusterCredentials {
  readonly ca: Pair
  readonly frontProxyCA: Pair
  readonly frontProxy: Pair
  readonly server: Pair
  readonly serviceAccount: { readonly key: string; readonly publicKey: string }
  readonly clients: Readonly<Record<string, Pair>>
}

/** The parts of a cluster that call its API server, each as the identity its RBAC rules are written for. */
const COMPONENTS = {
  'kube-controller-manager': { name: 'system:kube-controller-manager', groups: [] },
  'kube-scheduler': { name: 'system:kube-scheduler', groups: [] },
  // It plays every kubelet at once, for which there is no narrower role.
  kwok: { name: 'lab:kwok', groups: ['system:masters'] },
  // A pod would have the token of this service account; a certificate with its name is as good.
  istiod: {
    name: 'system:serviceaccount:istio-system:istiod',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:istio-system'],
  },
} as const satisfies Record<string, Person>

export type ComponentName = keyof typeof COMPONENTS

export type Tokens = Readonly<Record<PersonName, string>>

export function createTokens(): Tokens {
  const random = (): string => randomBytes(24).toString('base64url')
  return { admin: random(), editor: random(), viewer: random(), nobody: random() }
}

/** Has the keys and certificates of a new cluster made, and writes those that its parts read. */
export async function createCredentials(
  kube: string,
  dir: string,
  cluster: ClusterState,
  tokens: Tokens,
): Promise<ClusterCredentials> {
  const asSubject = ({ name, groups }: Person): unknown => ({ user: name, groups })
  const people = PERSON_NAMES.map((name) => [name, asSubject(PEOPLE[name])])
  const components = Object.entries(COMPONENTS).map(([name, person]) => [name, asSubject(person)])
  const wanted = {
    serverNames: ['127.0.0.1', 'localhost', 'kubernetes', 'kubernetes.default.svc', '10.96.0.1'],
    clients: Object.fromEntries([['owner', asSubject(OWNER)], ...people, ...components]),
    expiredClients: { expired: asSubject(PEOPLE.admin) },
  }
  const given = JSON.parse(await runCommand(kube, ['pki'], { input: JSON.stringify(wanted) })) as ClusterCredentials

  const paths = clusterPaths(dir, cluster.name)
  await mkdir(paths.pki, { recursive: true, mode: 0o700 })
  const files: Record<string, string> = {
    'ca.crt': given.ca.certificate,
    'ca.key': given.ca.key,
    'front-proxy-ca.crt': given.frontProxyCA.certificate,
    'front-proxy.crt': given.frontProxy.certificate,
    'front-proxy.key': given.frontProxy.key,
    'server.crt': given.server.certificate,
    'server.key': given.server.key,
    'service-account.key': given.serviceAccount.key,
    'service-account.pub': given.serviceAccount.publicKey,
    'tokens.csv': PERSON_NAMES.map((name) => tokenLine(tokens[name], PEOPLE[name])).join('\n'),
  }
  for (const [name, text] of Object.entries(files)) await writeSecret(join(paths.pki, name), text)
  for (const name of Object.keys(COMPONENTS) as ComponentName[]) {
    await writeSecret(paths.componentKubeconfig(name), renderKubeconfig([entryFor(cluster, given, name, name)]))
  }
  await writeSecret(cluster.kubeconfig, renderKubeconfig([entryFor(cluster, given, 'owner', OWNER.name)]))
  return given
}

/** Writes the kubeconfigs that span all clusters, and the tokens. */
export async function writeLabCredentials(
  dir: string,
  clusters: readonly { readonly state: ClusterState; readonly credentials: ClusterCredentials }[],
  tokens: Tokens,
): Promise<void> {
  const paths = labPaths(dir)
  await mkdir(paths.users, { recursive: true, mode: 0o700 })
  const render = (client: string, user: string): string =>
    renderKubeconfig(clusters.map(({ state, credentials }) => entryFor(state, credentials, client, user)))

  await writeSecret(paths.kubeconfig, render('owner', OWNER.name))
  for (const name of PERSON_NAMES) await writeSecret(paths.userKubeconfig(name), render(name, PEOPLE[name].name))
  await writeSecret(paths.expiredKubeconfig, render('expired', PEOPLE.admin.name))
  await writeSecret(paths.tokens, `${JSON.stringify(tokens, null, 2)}\n`)
}

function entryFor(cluster: ClusterState, from: ClusterCredentials, client: string, user: string): KubeconfigEntry {
  const credentials = from.clients[client]
  if (credentials === undefined) throw new Error(`no certificate was made for ${client}`)
  return {
    cluster: cluster.context,
    server: cluster.apiUrl,
    certificateAuthority: from.ca.certificate,
    user,
    credentials,
  }
}

function tokenLine(token: string, person: Person): string {
  return `${token},${person.name},${person.name},"${person.groups.join(',')}"`
}

async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 })
}
