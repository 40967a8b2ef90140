import { X509Certificate } from 'node:crypto'
import { MESHDECK_NAMESPACE, type KubeResource, type Mesh, type MeshStatus } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import { labelsOf, systemNamespaceOf, type Authority } from '@meshdeck/mesh'
import { printTime } from '../status/conditions.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { secretText } from '../status/secret-text.ts'
import { AuthorityError, checkAuthority } from './check-authority.ts'
import { issueIntermediate, issueRoot, type IssuedAuthority } from './issue-authority.ts'

export interface KeptAuthority {
  authority: Authority
  trust: NonNullable<MeshStatus['trust']>
}

/** A new intermediate is issued when less than this is left of the old one. */
const RENEWED_BEFORE_MS = 90 * 86_400_000

/**
 * The authority of a mesh: the one that it names, else its own, kept in a Secret on the hub that goes with the mesh. The
 * root stays as long as the mesh; the authority under it is renewed in time, and istiod takes a new one over by itself.
 *
 * @throws AuthorityError when the one that it names cannot be used
 */
export async function keepAuthority(
  hub: ResourceClient,
  mesh: Mesh,
  now: Date,
  signal: AbortSignal,
): Promise<KeptAuthority> {
  const given = mesh.spec.trust?.secretRef?.name
  if (given !== undefined) return checked(await readGiven(hub, given, signal), 'Secret', now)
  const name = authoritySecretName(mesh)
  const there = await getIfThere(hub, 'Secret', { name, namespace: MESHDECK_NAMESPACE }, signal)
  const root = there && pairOf(there, 'root')
  const intermediate = there && pairOf(there, 'ca')
  if (root !== undefined && intermediate !== undefined && remaining(intermediate, now) > RENEWED_BEFORE_MS)
    return checked(own(root, intermediate), 'Generated', now)
  const kept = root ?? (await issueRoot(mesh.metadata.name, now))
  const place = { cluster: mesh.spec.controlPlane.cluster, namespace: systemNamespaceOf(mesh) }
  const issued = await issueIntermediate(kept, place, now)
  const data = {
    'root-cert.pem': kept.certificate,
    'root-key.pem': kept.key,
    'ca-cert.pem': issued.certificate,
    'ca-key.pem': issued.key,
  }
  const written = await write(hub, mesh, there, data, signal)
  // Somebody else was first: theirs is the mesh's.
  return written ? checked(own(kept, issued), 'Generated', now) : keepAuthority(hub, mesh, now, signal)
}

/** On the hub, in `meshdeck-system`. */
export const authoritySecretName = (mesh: Mesh): string => `mesh-${mesh.metadata.name}-ca`

function own(root: IssuedAuthority, { certificate, key }: IssuedAuthority): Authority {
  return { root: root.certificate, certificate, key, chain: `${certificate}${root.certificate}` }
}

function checked(authority: Authority, source: 'Generated' | 'Secret', now: Date): KeptAuthority {
  const { rootNotAfter, notAfter } = checkAuthority(authority, now)
  return { authority, trust: { source, rootNotAfter: printTime(rootNotAfter), notAfter: printTime(notAfter) } }
}

async function readGiven(hub: ResourceClient, name: string, signal: AbortSignal): Promise<Authority> {
  const where = `Secret ${MESHDECK_NAMESPACE}/${name} on the hub`
  const secret = await getIfThere(hub, 'Secret', { name, namespace: MESHDECK_NAMESPACE }, signal)
  if (secret === undefined)
    throw new AuthorityError(`${where} is not there; create it, or correct spec.trust.secretRef`)
  const part = (key: string): string => {
    const text = secretText(secret, key)
    if (text === undefined) throw new AuthorityError(`${where} has no key ${key}`)
    return text
  }
  return {
    root: part('root-cert.pem'),
    certificate: part('ca-cert.pem'),
    key: part('ca-key.pem'),
    chain: secretText(secret, 'cert-chain.pem') ?? '',
  }
}

function pairOf(secret: KubeResource, which: 'root' | 'ca'): IssuedAuthority | undefined {
  const certificate = secretText(secret, `${which}-cert.pem`)
  const key = secretText(secret, `${which}-key.pem`)
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

function remaining({ certificate }: IssuedAuthority, now: Date): number {
  return new X509Certificate(certificate).validToDate.getTime() - now.getTime()
}

/** Whether it was written; not when somebody else has written meanwhile. */
async function write(
  hub: ResourceClient,
  mesh: Mesh,
  there: KubeResource | undefined,
  parts: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const { uid = '', name: meshName } = mesh.metadata
  const { resourceVersion } = there?.metadata ?? {}
  const name = authoritySecretName(mesh)
  const secret: KubeResource = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: MESHDECK_NAMESPACE,
      labels: labelsOf(mesh),
      ownerReferences: [{ apiVersion: mesh.apiVersion, kind: mesh.kind, name: meshName, uid }],
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(parts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  }
  try {
    await (there === undefined ? hub.create('Secret', secret, { signal }) : hub.replace('Secret', secret, { signal }))
    return true
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 409) return false
    throw error
  }
}
