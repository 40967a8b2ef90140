import type { ApiFaults } from '../http/faults.ts'
import type { PrometheusFaults } from '../prometheus/prometheus-server.ts'

/** What goes wrong with a cluster now, and with its Prometheus. */
export interface ClusterFaults {
  readonly api: ApiFaults
  readonly prometheus: PrometheusFaults
}

export const HEALTHY: ClusterFaults = { api: {}, prometheus: {} }

/** A word for the command line. The number that may follow it has the bounds of its unit. */
interface FaultWord {
  readonly word: string
  readonly help: string
  readonly unit?: 'ms' | 'percent'
  readonly standard?: number
  readonly faults: (value: number) => Partial<ClusterFaults>
}

const SLOW_MS = 2_000
const SOME_PERCENT = 30
const WATCH_LIFE_MS = 5_000
const MAX_MS = 600_000

export const FAULT_WORDS: readonly FaultWord[] = [
  { word: 'down', help: 'the API server refuses connections', faults: () => ({ api: { down: true } }) },
  {
    word: 'slow',
    help: 'it answers late, by so many milliseconds',
    unit: 'ms',
    standard: SLOW_MS,
    faults: (delayMs) => ({ api: { delayMs } }),
  },
  {
    word: '429',
    help: 'that percentage of requests is told to come back later',
    unit: 'percent',
    standard: SOME_PERCENT,
    faults: (percent) => ({ api: { tooManyRequests: percent / 100 } }),
  },
  {
    word: '5xx',
    help: 'that percentage of requests fails with 500',
    unit: 'percent',
    standard: SOME_PERCENT,
    faults: (percent) => ({ api: { serverErrors: percent / 100 } }),
  },
  {
    word: 'lost-answers',
    help: 'that percentage of changes is made and not answered: the connection is cut',
    unit: 'percent',
    standard: SOME_PERCENT,
    faults: (percent) => ({ api: { lostAnswers: percent / 100 } }),
  },
  {
    word: 'watch-cut',
    help: 'every watch is cut after so many milliseconds',
    unit: 'ms',
    standard: WATCH_LIFE_MS,
    faults: (watchLifeMs) => ({ api: { watchLifeMs } }),
  },
  { word: '410', help: 'no watch can be resumed: every version is too old', faults: () => ({ api: { gone: true } }) },
  { word: 'expired-credential', help: 'no credential is accepted', faults: () => ({ api: { unauthorized: true } }) },
  {
    word: 'prometheus-down',
    help: 'Prometheus refuses connections',
    faults: () => ({ prometheus: { down: true } }),
  },
  {
    word: 'prometheus-slow',
    help: 'Prometheus answers late, by so many milliseconds',
    unit: 'ms',
    standard: SLOW_MS,
    faults: (delayMs) => ({ prometheus: { delayMs } }),
  },
]

/**
 * Reads words such as `down`, `slow=500`, `429=50`; several add up.
 *
 * @throws RangeError that says which words there are.
 */
export function parseFaults(words: readonly string[]): ClusterFaults {
  let faults = HEALTHY
  for (const text of words) {
    const [word = '', value] = text.split('=', 2)
    const known = FAULT_WORDS.find((candidate) => candidate.word === word)
    if (known === undefined) {
      throw new RangeError(`${text}: no such fault; there are ${FAULT_WORDS.map((fault) => fault.word).join(', ')}`)
    }
    const more = known.faults(valueOf(known, text, value))
    faults = { api: { ...faults.api, ...more.api }, prometheus: { ...faults.prometheus, ...more.prometheus } }
  }
  return faults
}

function valueOf({ word, unit, standard = 0 }: FaultWord, text: string, value: string | undefined): number {
  if (value === undefined) return standard
  if (unit === undefined) throw new RangeError(`${text}: ${word} takes no value`)
  const number = Number(value)
  const max = unit === 'ms' ? MAX_MS : 100
  if (value === '' || !Number.isFinite(number) || number < 0 || number > max) {
    throw new RangeError(`${text}: write ${word}=N, N from 0 to ${max} (${unit === 'ms' ? 'milliseconds' : 'percent'})`)
  }
  return number
}

/** The words that lead to these faults; for people. */
export function wordsOf({ api, prometheus }: ClusterFaults): readonly string[] {
  return FAULT_WORDS.flatMap(({ word, unit, standard = 0, faults }) => {
    const probe = faults(standard)
    const [key] = Object.keys(probe.api ?? probe.prometheus ?? {})
    const value: unknown = key === undefined ? undefined : Reflect.get(probe.api ? api : prometheus, key)
    if (value === undefined || value === false) return []
    if (typeof value !== 'number') return [word]
    return [`${word}=${unit === 'percent' ? Math.round(value * 100) : value}`]
  })
}
