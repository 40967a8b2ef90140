import type { PrometheusTest } from '@meshdeck/contract'
import type { AddressPolicy, PrometheusAccess } from '@meshdeck/kube-client'
import { selector } from '@meshdeck/mesh/promql'
import { pick } from '../views/clusters.ts'
import { readFacts } from './governor/prometheus-facts.ts'
import { parseNames } from './prometheus-answer.ts'
import { PrometheusError } from './prometheus-error.ts'
import { createTransport } from './prometheus-transport.ts'

const DEADLINE_MS = 5_000
const MAX_ANSWER_BYTES = 2 ** 20
const METRIC = 'istio_requests_total'

/** Asks a Prometheus whether it answers as one, what it is, and whether it has what the console reads. Rejects never. */
export async function tryPrometheus(access: PrometheusAccess, policy: AddressPolicy): Promise<PrometheusTest> {
  const transport = createTransport({ access, policy, maxAnswerBytes: MAX_ANSWER_BYTES })
  const signal = AbortSignal.timeout(DEADLINE_MS)
  try {
    // Posted, as all queries are.
    const { body } = await transport.send({ method: 'POST', path: 'query', form: { query: 'vector(1)' } }, signal)
    if (!isSuccess(body)) throw new PrometheusError('unreachable', 'What answers there is no Prometheus')
    const [{ make, version, counts, skewSeconds }, hasMesh] = await Promise.all([
      readFacts((sent, within) => transport.send(sent, within), signal, Date.now),
      transport
        .send({ method: 'GET', path: 'label/__name__/values', form: { 'match[]': selector(METRIC) } }, signal)
        .then((names) => parseNames(names.body).includes(METRIC))
        .catch(() => undefined),
    ])
    const name = make === 'unknown' ? 'Prometheus' : make
    const message = `${name}${version === undefined ? '' : ` ${version}`} answers`
    return { ok: true, message, make, ...pick({ version, series: counts?.all, skewSeconds, hasMesh }) }
  } catch (error) {
    if (error instanceof PrometheusError) return { ok: false, message: error.message }
    return { ok: false, message: `Prometheus at ${transport.host} did not answer within ${DEADLINE_MS / 1000} s` }
  } finally {
    void transport.close()
  }
}

const isSuccess = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'status' in body && body.status === 'success'
