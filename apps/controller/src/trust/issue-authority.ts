// The certificate library keeps its parts in a container that needs this before it is loaded.
import 'reflect-metadata'
import { createPrivateKey, KeyObject, type webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** PEM. */
export interface IssuedAuthority {
  certificate: string
  key: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const ROOT_DAYS = 3_650
const INTERMEDIATE_DAYS = 730
/** Clocks of clusters may be behind ours. */
const SKEW_MS = 3_600_000
const USAGES = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign

/** A root for a mesh, for ten years. */
export async function issueRoot(mesh: string, now: Date): Promise<IssuedAuthority> {
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ O: ['Meshdeck'] }, { CN: [`Root CA of mesh ${mesh}`] }],
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(now, ROOT_DAYS),
    extensions: [new BasicConstraintsExtension(true, undefined, true), new KeyUsagesExtension(USAGES, true)],
  })
  return { certificate: pem(certificate), key: keyPem(keys.privateKey) }
}

/**
 * An authority under a root for the istiod of one cluster, for two years. It may sign certificates and no further
 * authorities. Source: https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 */
export async function issueIntermediate(
  root: IssuedAuthority,
  { cluster, namespace }: { cluster: string; namespace: string },
  now: Date,
): Promise<IssuedAuthority> {
  const keys = await generateKeys()
  const issuer = new X509Certificate(root.certificate)
  const signingKey = createPrivateKey(root.key).toCryptoKey(ALGORITHM, false, ['sign'])
  const certificate = await X509CertificateGenerator.create({
    subject: [{ O: ['Meshdeck'] }, { CN: ['Intermediate CA'] }, { L: [cluster] }],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    ...validity(now, INTERMEDIATE_DAYS),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(USAGES | KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: `istiod.${namespace}.svc` }]),
    ],
  })
  return { certificate: pem(certificate), key: keyPem(keys.privateKey) }
}

function generateKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - SKEW_MS), notAfter: new Date(now.getTime() + days * DAY_MS) }
}

const pem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`

function keyPem(key: webcrypto.CryptoKey): string {
  return String(KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }))
}
