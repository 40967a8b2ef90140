import type { TlsSecretRef } from '@meshdeck/contract'
import type { Place } from './places.ts'

const e = encodeURIComponent
const inMesh = (mesh: string, path: string): string => `/meshes/${e(mesh)}/config/${path}`
const secretPath = ({ namespace, name }: TlsSecretRef): string => `tls-secrets/${e(namespace)}/${e(name)}`

/** Addresses that only pages which are loaded when visited lead to. Apart from `places`, which every page loads. */
export const configPlaces = {
  importObjects: (mesh: string): Place => ({ to: inMesh(mesh, '-import') }),
  tlsSecrets: (mesh: string): Place => ({ to: inMesh(mesh, 'tls-secrets') }),
  createTlsSecret: (mesh: string, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, 'tls-secrets/-create'),
    search,
  }),
  tlsSecret: (mesh: string, ref: TlsSecretRef): Place => ({
    to: inMesh(mesh, secretPath(ref)),
    search: { cluster: ref.cluster },
  }),
  replaceTlsSecret: (mesh: string, ref: TlsSecretRef): Place => ({
    to: inMesh(mesh, `${secretPath(ref)}/-replace`),
    search: { cluster: ref.cluster },
  }),
}
