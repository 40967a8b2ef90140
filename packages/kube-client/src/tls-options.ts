import type { LookupFunction } from 'node:net'
import { guardedLookup, type Lookup } from './address.ts'
import type { ClusterConnectionSpec } from './kubeconfig.ts'

/** How the TLS connections to a cluster are made; for undici and for Node's own `tls.connect` alike. */
export interface TlsOptions {
  ca?: string
  cert?: string
  key?: string
  servername?: string
  allowPartialTrustChain: boolean
  rejectUnauthorized: boolean
  lookup: LookupFunction
}

/**
 * What a spec says of TLS and of the addresses that may be connected to. A caller's token must never travel beside the
 * stored client certificate (the API server would take the certificate), so that one can be left out.
 */
export function tlsOptions(spec: ClusterConnectionSpec, withClientCertificate: boolean, lookup?: Lookup): TlsOptions {
  return {
    ...(spec.caData === undefined ? {} : { ca: spec.caData }),
    ...(withClientCertificate && spec.clientCert !== undefined && spec.clientKey !== undefined
      ? { cert: spec.clientCert, key: spec.clientKey }
      : {}),
    ...(spec.tlsServerName === undefined ? {} : { servername: spec.tlsServerName }),
    // kubectl accepts an intermediate authority as the root, and so do kubeconfigs in the field.
    allowPartialTrustChain: true,
    rejectUnauthorized: !spec.insecureSkipTlsVerify,
    lookup: guardedLookup({ allowLoopback: spec.allowLoopback }, lookup),
  }
}
