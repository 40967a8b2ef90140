import { selector } from '@meshdeck/mesh/promql'
import {
  parseMatrix,
  parseMetadata,
  parseNames,
  parseVector,
  type Matrix,
  type MetricMetadata,
  type SeriesExemplar,
  type Vector,
  withPartial,
} from '../prometheus-answer.ts'
import type { PrometheusClient } from '../prometheus-client.ts'
import { PrometheusError } from '../prometheus-error.ts'
import type { PrometheusTransport, Sent } from '../prometheus-transport.ts'
import { createAnswerStore, type AnswerStore } from './answer-store.ts'
import { NOBODY, type Asker } from './asker.ts'
import { createCircuit, type CircuitState } from './circuit.ts'
import { createExemplarQuestions } from './exemplar-questions.ts'
import type { FairQueue } from './fair-queue.ts'
import { createKnownFacts } from './known-facts.ts'
import type { PrometheusFacts } from './prometheus-facts.ts'
import { queryCost, selectorsToCount } from './query-cost.ts'
import { createQueryLoad, type LoadMinute, type QueryObserver, type QueryShape } from './query-load.ts'
import { freshTime, isPast, type QueryLimits } from './query-limits.ts'

/** One Prometheus, and all that stands between it and those who ask. */
export interface Governor extends PrometheusClient {
  /** The same for questions of somebody. */
  as(asker: Asker): PrometheusClient
  /** What it says of itself, at most some minutes old. */
  facts(): Promise<PrometheusFacts>
  report(): GovernorReport
}

export interface GovernorReport {
  running: number
  waiting: number
  cacheBytes: number
  circuit: CircuitState
  minutes: LoadMinute[]
  slowest: QueryShape[]
}

export interface GovernorOptions {
  transport: PrometheusTransport
  limits: QueryLimits
  /** Shared by all that ask the same address, whatever as. */
  queue: FairQueue
  now: () => number
  observer?: QueryObserver | undefined
}

/** Names change with releases, not with traffic. */
const NAMES_FRESH_MS = 60_000
/** Less is the time of the answer itself, and no harm. */
const NOTED_SKEW_SECONDS = 30
/** Remarks on the query, and not on what is missing from its answer. */
const REMARK = /^PromQL (?:warning|info)/

interface Ask<Answer> {
  store: AnswerStore<Answer>
  sent: Sent
  parse: (body: unknown) => Answer
  family: string
  /** Which of the family it is. */
  instant: string
  /** Unix seconds of the last instant that is asked about; none for what has no time. */
  end?: number
  /** Of the answer; 0 where no samples are read. */
  points: number
}

export function createGovernor({ transport, limits, queue, now, observer }: GovernorOptions): Governor {
  const { host } = transport
  const { deadlineMs, freshMs, staleMs, patienceMs, cacheBytes } = limits
  const circuit = createCircuit(now)
  const load = createQueryLoad(now)
  const observers = [load, ...(observer === undefined ? [] : [observer])]
  const storeOf = <Answer>(share: number): AnswerStore<Answer> =>
    createAnswerStore({ maxBytes: cacheBytes * share, patienceMs, now })
  const vectors = storeOf<Vector>(3 / 8)
  const matrices = storeOf<Matrix>(3 / 8)
  const lists = storeOf<string[]>(1 / 16)
  const traced = storeOf<SeriesExemplar[]>(1 / 16)
  const described = storeOf<ReadonlyMap<string, MetricMetadata>>(1 / 8)
  const exemplars = createExemplarQuestions(now)
  const ended = new AbortController()
  const facts = createKnownFacts({
    send: (sent, signal) => transport.send(sent, signal),
    deadlineMs,
    now,
    ended: ended.signal,
    isSpared: () => circuit.state.state !== 'closed',
  })

  /** How many series each selector has at an instant, asked of the store itself: one sample of each is all that is read. */
  async function countSeries(
    { sent: { form }, end }: Ask<unknown>,
    asker: Asker,
    signal: AbortSignal,
  ): Promise<Map<string, number>> {
    const counted = new Map<string, number>()
    for (const text of selectorsToCount(form['query'] ?? '')) {
      const sent = post('query', { query: `count(${text})`, ...(end === undefined ? {} : { time: String(end) }) })
      const { answer } = await queue.run(() => exchange({ sent, parse: parseVector }, signal), asker, signal)
      counted.set(text, answer.samples[0]?.value ?? 0)
    }
    return counted
  }

  async function assertAffordable(asked: Ask<unknown>, asker: Asker, signal: AbortSignal): Promise<void> {
    const { sent, points } = asked
    const { maxSamples, scrapeSeconds } = limits
    const promql = sent.form['query']
    if (maxSamples === undefined || promql === undefined || points === 0) return
    const { counts } = await facts.soon()
    if (counts === undefined) return
    const rough = queryCost(promql, points, counts, scrapeSeconds)
    if (rough === undefined || rough.samples <= maxSamples) return
    // What the status tells of a metric as a whole may be far more than the query's labels choose.
    const counted = await countSeries(asked, asker, signal)
    const cost = queryCost(promql, points, counts, scrapeSeconds, counted)
    if (cost === undefined || cost.samples <= maxSamples) return
    const { series, samples, heaviest = '' } = cost
    const what = heaviest === '' ? 'series' : `series, most of them of ${heaviest}`
    throw new PrometheusError(
      'too-costly',
      `This query would read about ${grouped(samples)} samples from Prometheus at ${host} (${grouped(series)} ${what}); at most ${grouped(maxSamples)} are allowed. Choose fewer namespaces or a shorter range, or record what it adds up by rules`,
      { unasked: true, params: { samples, series, limit: maxSamples, metric: heaviest } },
    )
  }

  async function obtain<Answer>(asked: Ask<Answer>, asker: Asker, abandoned: AbortSignal) {
    const deadline = AbortSignal.timeout(deadlineMs)
    const signal = AbortSignal.any([abandoned, deadline, ended.signal])
    try {
      circuit.check()
      await assertAffordable(asked, asker, signal)
      return await queue.run(() => exchange(asked, signal), asker, signal)
    } catch (error) {
      if (deadline.aborted && !(error instanceof PrometheusError))
        throw new PrometheusError('timeout', `Prometheus at ${host} did not answer within ${deadlineMs / 1000} s`)
      if (error instanceof PrometheusError && error.unasked)
        for (const each of observers)
          each.refused(error.kind === 'too-costly' ? 'cost' : error.kind === 'busy' ? 'queue' : 'down')
      throw error
    }
  }

  async function exchange<Answer>({ sent, parse }: Pick<Ask<Answer>, 'sent' | 'parse'>, signal: AbortSignal) {
    const ticket = circuit.enter()
    const began = performance.now()
    const told = (result: 'ok' | PrometheusError['kind'], bytes: number): void => {
      const query = { promql: sent.form['query'], result, ms: performance.now() - began, bytes }
      for (const each of observers) each.sent(query)
    }
    try {
      const { body, bytes } = await transport.send(withMake(sent), signal)
      const answer = parse(body)
      circuit.succeeded()
      told('ok', bytes)
      return { answer, bytes }
    } catch (error) {
      const late = signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      const failure = late
        ? new PrometheusError('timeout', `Prometheus at ${host} did not answer within ${deadlineMs / 1000} s`)
        : error
      if (failure instanceof PrometheusError) {
        circuit.failed(failure, ticket)
        told(failure.kind, 0)
      } else circuit.abandoned()
      throw failure
    }
  }

  /** Thanos leaves out duplicates, and answers in part when a store is away, only where it is told or set to. */
  function withMake(sent: Sent): Sent {
    if (facts.last?.make !== 'Thanos' || sent.method !== 'POST') return sent
    return { ...sent, form: { dedup: 'true', partial_response: 'true', ...sent.form } }
  }

  async function ask<Answer>(asked: Ask<Answer>, asker: Asker): Promise<Answer> {
    const { end } = asked
    const untimed = freshMs === 0 ? 0 : NAMES_FRESH_MS
    const given = await asked.store.ask({
      key: `${asked.instant} ${asked.family}`,
      family: asked.family,
      freshMs: end === undefined ? untimed : freshTime(limits, end, now()),
      staleMs: asker.live && end !== undefined && !isPast(end, now()) ? staleMs : 0,
      signal: asker.signal,
      load: (abandoned) => obtain(asked, asker, abandoned),
      bearable: (error) =>
        error instanceof PrometheusError && !['bad-query', 'too-costly', 'absent'].includes(error.kind),
    })
    for (const each of observers) each.answered(given.from)
    if (given.from === 'stale') asker.note?.({ kind: 'stale', seconds: Math.max(1, Math.round(given.ageMs / 1000)) })
    const skew = facts.last?.skewSeconds ?? 0
    if (end !== undefined && Math.abs(skew) > NOTED_SKEW_SECONDS)
      asker.note?.({ kind: 'clock', seconds: Math.round(skew) })
    return given.answer
  }

  const noted = <Answer extends { warnings: string[] }>(answer: Answer, asker: Asker): Answer => {
    const words = answer.warnings.filter((warning) => !REMARK.test(warning))
    if (words.length > 0) asker.note?.({ kind: 'partial', words: words.join('; ') })
    return answer
  }

  const timeout = `${Math.ceil(deadlineMs / 1000)}s`
  /** Only queries may be long, and only they may be posted everywhere. */
  const post = (path: string, form: Record<string, string>): Sent => ({
    method: 'POST',
    path,
    form: { ...form, timeout },
  })
  const get = (path: string, form: Record<string, string>): Sent => ({ method: 'GET', path, form })

  function as(asker: Asker): PrometheusClient {
    return {
      server: transport,
      query: async (promql, at) =>
        noted(
          await ask(
            {
              store: vectors,
              sent: post('query', { query: promql, time: String(at) }),
              parse: (body) => withPartial(body, parseVector(body)),
              family: promql,
              instant: String(at),
              end: at,
              points: 1,
            },
            asker,
          ),
          asker,
        ),
      queryRange: async (promql, { from, to, step }) =>
        noted(
          await ask(
            {
              store: matrices,
              sent: post('query_range', { query: promql, start: String(from), end: String(to), step: String(step) }),
              parse: (body) => withPartial(body, parseMatrix(body)),
              family: `${to - from} ${step} ${promql}`,
              instant: String(from),
              end: to,
              points: Math.floor((to - from) / step) + 1,
            },
            asker,
          ),
          asker,
        ),
      exemplars: async (promql, range) =>
        exemplars.areSpared ? [] : ask({ store: traced, ...exemplars.question(promql, range, timeout) }, asker),
      names({ label, metric }) {
        const path = label === undefined ? 'labels' : `label/${encodeURIComponent(label)}/values`
        const form: Record<string, string> = metric === undefined ? {} : { 'match[]': selector(metric) }
        const family = JSON.stringify([label, metric])
        return ask({ store: lists, sent: get(path, form), parse: parseNames, family, instant: '', points: 0 }, asker)
      },
      metadata: () =>
        ask(
          { store: described, sent: get('metadata', {}), parse: parseMetadata, family: '', instant: '', points: 0 },
          asker,
        ),
      close,
    }
  }

  async function close(): Promise<void> {
    ended.abort(new DOMException('closed', 'AbortError'))
    await transport.close()
  }

  return {
    ...as(NOBODY),
    as,
    facts: facts.get,
    report: () => ({
      running: queue.running,
      waiting: queue.waiting,
      cacheBytes: vectors.bytes + matrices.bytes + lists.bytes + traced.bytes + described.bytes,
      circuit: circuit.state,
      minutes: load.minutes(),
      slowest: load.slowest(),
    }),
  }
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-US')
