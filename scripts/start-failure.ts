import { KubeconfigError, KubeStatusError, messageOf } from '@meshdeck/kube-client'
import { UsageError } from './start-options.ts'

/** What is wrong and what to do, in one line (the usage text apart), for what `npm start` failed with. */
export function startFailure(error: unknown): string {
  if (error instanceof UsageError || error instanceof KubeconfigError) return error.message
  return `Meshdeck could not start: ${reason(error)}`
}

function reason(error: unknown): string {
  if (error instanceof KubeStatusError) return statusReason(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place =
    error instanceof Error ? [detail(error, 'address'), detail(error, 'port')].filter(Boolean).join(':') : ''
  switch (code) {
    case 'EADDRINUSE':
      return `${place} is taken, perhaps by another Meshdeck; stop that one, or choose another port: --port 0 takes a free one`
    case 'EACCES':
      return `${place} may not be used by this account; choose a port above 1023: --port 7080`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `--host is no address of this machine (${messageOf(error)}); leave it out for 127.0.0.1`
    default:
      return messageOf(error)
  }
}

function statusReason({ httpStatus, message }: KubeStatusError): string {
  if (httpStatus === 401) {
    return 'the hub does not accept the credential of the current context (401); sign in to it again, check with kubectl get namespaces, and write a fresh kubeconfig'
  }
  if (httpStatus === 403) {
    return `the hub refuses what Meshdeck must write there at the start (403): ${message}. The account of the current context must administer the hub`
  }
  return `the hub answers ${httpStatus}: ${message}`
}

function detail(error: Error, key: 'address' | 'port'): string {
  const value: unknown = Reflect.get(error, key)
  return value === undefined ? '' : String(value)
}
