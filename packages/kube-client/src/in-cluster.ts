import { readFileSync } from 'node:fs'
import type { ClusterConnectionSpec } from './kubeconfig.ts'

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The cluster that this process runs in, as its pod's service account; `undefined` when it runs elsewhere.
 * Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export function inClusterSpec(
  environment: NodeJS.ProcessEnv = process.env,
  directory = SERVICE_ACCOUNT,
): ClusterConnectionSpec | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment
  if (!host) return undefined
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port ?? '443'}`,
    caData: readFileSync(`${directory}/ca.crt`, 'utf8'),
    tokenFile: `${directory}/token`,
    insecureSkipTlsVerify: false,
    allowLoopback: false,
    contextName: 'in-cluster',
    warnings: [],
  }
}
