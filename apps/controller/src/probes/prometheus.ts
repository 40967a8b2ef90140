import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isRecord, type ClusterSpec } from '@meshdeck/kube'
import {
  AddressDeniedError,
  addressDenial,
  ClusterUnreachableError,
  guardedLookup,
  InvalidRequestError,
  KubeStatusError,
  messageOf,
  PrometheusAccessError,
  readPrometheusAccess,
  type AddressPolicy,
  type PrometheusAccess,
  type ResourceClient,
} from '@meshdeck/kube-client'
import type { Finding } from '../status/conditions.ts'

const TIMEOUT_MS = 5_000
const MAX_BODY_BYTES = 64 * 1024

/** Where a credential for Prometheus comes from, and where Prometheus may be. */
export interface PrometheusProbe {
  hub: ResourceClient
  policy: AddressPolicy
}

/** Asks a cluster's Prometheus for `1`. Rejects only when aborted, or when the hub does not answer. */
export async function probePrometheus(
  spec: ClusterSpec['prometheus'],
  { hub, policy }: PrometheusProbe,
  signal: AbortSignal,
): Promise<Finding> {
  if (spec === undefined) {
    const message = 'No Prometheus is named, so there are no metrics and no topology; set spec.prometheus.url.'
    return finding('Unknown', 'NotConfigured', message)
  }
  try {
    const access = await readPrometheusAccess(hub, spec, signal)
    const { hostname } = new URL(access.base)
    const denial = addressDenial(hostname, policy)
    if (denial !== undefined) throw new AddressDeniedError(denial)
    return judge(await ask(access, policy, signal))
  } catch (error) {
    signal.throwIfAborted()
    // The hub, which has the credential.
    if (error instanceof ClusterUnreachableError) throw error
    return explain(error)
  }
}

interface Answer {
  status: number
  body: string
}

function judge({ status, body }: Answer): Finding {
  if (status === 401 || status === 403) {
    const message = `Prometheus does not let Meshdeck in (${status}); name a Secret with a valid credential in spec.prometheus.auth.`
    return finding('False', 'Unauthorized', message)
  }
  if (status === 200 && isSuccess(body)) return finding('True', 'Answers', 'Prometheus answers queries.')
  const message = `What answers at spec.prometheus.url is no Prometheus, or it is not ready (status ${status}); check the address.`
  return finding('False', 'BadAnswer', message)
}

function isSuccess(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text)
    return isRecord(body) && body['status'] === 'success'
  } catch {
    return false
  }
}

function explain(error: unknown): Finding {
  if (error instanceof PrometheusAccessError && error.field === 'url') {
    const message =
      'spec.prometheus.url is not an address of a Prometheus; it must look like http://prometheus.example:9090, without a password in it.'
    return finding('False', 'AddressInvalid', message)
  }
  if (error instanceof AddressDeniedError) {
    const message = `Meshdeck does not connect to the address in spec.prometheus.url: ${error.message}. Give the address that other machines use.`
    return finding('False', 'AddressDenied', message)
  }
  if (isCredentialError(error)) {
    const message = `The credential for Prometheus cannot be read: ${error.message}. Correct spec.prometheus.auth.secretRef or the Secret.`
    return finding('False', 'CredentialUnreadable', message)
  }
  const message = `Prometheus does not answer (${messageOf(error)}); check that it runs and that Meshdeck can reach spec.prometheus.url.`
  return finding('False', 'Unreachable', message)
}

/** One GET, with a bounded answer; redirects are not followed, since they could lead anywhere. */
function ask({ base, headers, tls }: PrometheusAccess, policy: AddressPolicy, signal: AbortSignal): Promise<Answer> {
  const url = new URL(`${base}/api/v1/query?query=1`)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const limit = AbortSignal.timeout(TIMEOUT_MS)
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const outgoing = send(url, {
    headers: { ...headers, accept: 'application/json' },
    ...tls,
    lookup: guardedLookup(policy),
    signal: AbortSignal.any([signal, limit]),
    agent: false,
  })
  outgoing.on('error', (error) => reject(limit.aborted ? new Error(`no answer in ${TIMEOUT_MS / 1000} s`) : error))
  outgoing.on('response', (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      body += chunk
      if (body.length > MAX_BODY_BYTES) outgoing.destroy(new Error('its answer is too long'))
    })
    response.on('error', reject)
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
  })
  outgoing.end()
  return promise
}

const isCredentialError = (error: unknown): error is Error =>
  error instanceof KubeStatusError || error instanceof InvalidRequestError || error instanceof PrometheusAccessError

const finding = (status: Finding['status'], reason: string, message: string): Finding => ({
  type: 'PrometheusReachable',
  status,
  reason,
  message,
})
