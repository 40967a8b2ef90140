import { seededRandom } from '../../random.ts'

const REQUESTS = 'istio_requests_total'
const BUCKETS = 'istio_request_duration_milliseconds_bucket'

/** Queries by hand: what consoles send, and the corners of the language. */
export const WRITTEN_QUERIES: readonly string[] = [
  '1',
  '1 + 2 * 3 ^ 2 ^ 0.5',
  '-1 ^ 2',
  '5 % 3',
  '-5 % 3',
  '1 / 0',
  '0 / 0',
  '1 > bool 2',
  '2 == bool 2',
  'time()',
  'vector(time())',
  'pi()',
  '"text"',
  'Inf',
  '-Inf',
  'NaN',
  '0x1F',
  '1e3',
  '.5',
  'up',
  'nothing',
  'absent(nothing)',
  'absent(nothing{a="b",c=~"d"})',
  'absent(up)',
  'absent_over_time(nothing{job="x"}[5m])',
  'absent_over_time(up[5m])',
  'temperature',
  '-temperature',
  'temperature > 22',
  'temperature > bool 22',
  '22 < temperature',
  'temperature != temperature',
  'temperature * 2 + 1',
  '2 ^ temperature',
  'temperature % 3',
  'temperature atan2 2',
  'temperature offset 5m',
  'temperature offset -5m',
  'temperature @ 1700003600',
  'temperature @ start()',
  'temperature @ end()',
  'rate(istio_requests_total[5m] offset 10m)',
  'rate(istio_requests_total[5m] @ 1700003600)',
  `${REQUESTS}{response_code=~"5.."}`,
  `${REQUESTS}{response_code!~"2..|4.."}`,
  `${REQUESTS}{destination_service_name!="cart",missing=""}`,
  '{__name__=~"up|constant"}',
  '{__name__="capacity", pod=~"pod-[0-2]"}',
  `${REQUESTS}{destination_service_name="pay\\"ment"}`,
  ...[
    'rate',
    'irate',
    'increase',
    'delta',
    'idelta',
    'deriv',
    'resets',
    'changes',
    'avg_over_time',
    'min_over_time',
    'max_over_time',
    'sum_over_time',
    'count_over_time',
    'last_over_time',
    'present_over_time',
    'stddev_over_time',
    'stdvar_over_time',
  ].flatMap((name) => [
    `${name}(${REQUESTS}[1m])`,
    `${name}(${REQUESTS}[5m])`,
    `${name}(temperature[2m])`,
    `${name}(capacity[10m])`,
    `${name}(istio_requests_total[37s])`,
    `sum by (response_code) (${name}(${REQUESTS}[5m]))`,
  ]),
  ...[-1, 0, 0.5, 0.9, 1, 2].flatMap((q) => [
    `quantile_over_time(${q}, temperature[5m])`,
    `quantile(${q}, temperature)`,
    `histogram_quantile(${q}, sum by (le) (rate(${BUCKETS}[5m])))`,
    `histogram_quantile(${q}, rate(${BUCKETS}[5m]))`,
  ]),
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'].flatMap((name) => [
    `${name}(temperature)`,
    `${name} by (zone) (temperature)`,
    `${name} without (pod) (temperature)`,
    `${name} by (response_code, reporter) (${REQUESTS})`,
    `${name}(nothing)`,
    `${name} by (missing) (capacity)`,
  ]),
  'topk(3, capacity)',
  'bottomk(2, capacity)',
  `topk by (reporter) (2, ${REQUESTS})`,
  'topk(0, capacity)',
  'topk(100, capacity)',
  'count_values("value", capacity)',
  'count_values by (tier) ("v", capacity)',
  'temperature + capacity',
  'temperature + on(pod) capacity',
  'temperature * on(pod) group_left(tier) capacity',
  'capacity * on(pod) group_right(tier) temperature',
  'temperature / ignoring(zone, tier) capacity',
  'temperature > on(pod) capacity',
  'temperature >bool on(pod) capacity',
  'temperature and on(pod) capacity',
  'temperature or capacity',
  'temperature unless on(pod) capacity',
  'temperature and temperature > 21',
  'capacity or on(pod) temperature',
  'temperature + on(zone) capacity',
  'sum by (zone) (temperature) + on() up',
  `sum(rate(${REQUESTS}{response_code=~"5.."}[5m])) / sum(rate(${REQUESTS}[5m]))`,
  `sum by (destination_service_name) (rate(${REQUESTS}{response_code=~"5.."}[5m])) / on(destination_service_name) sum by (destination_service_name) (rate(${REQUESTS}[5m]))`,
  `(sum(rate(${REQUESTS}[5m])) or vector(0)) > 0`,
  `sum(rate(${REQUESTS}{reporter="nobody"}[5m])) or vector(0)`,
  'scalar(up)',
  'scalar(temperature)',
  'up * scalar(constant)',
  'vector(1) + constant',
  'abs(temperature - 23)',
  'ceil(temperature)',
  'floor(temperature)',
  'round(temperature)',
  'round(temperature, 0.25)',
  'exp(up)',
  'ln(temperature)',
  'log2(temperature)',
  'log10(temperature)',
  'sqrt(capacity)',
  'sgn(temperature - 22)',
  'clamp(temperature, 20, 24)',
  'clamp(temperature, 24, 20)',
  'clamp_min(temperature, 22)',
  'clamp_max(temperature, 22)',
  'timestamp(up)',
  'timestamp(temperature)',
  'timestamp(temperature + 1)',
  'sort(capacity)',
  'sort_desc(capacity)',
  'minute()',
  'hour()',
  'month()',
  'year()',
  'day_of_week()',
  'day_of_month()',
  'day_of_year()',
  'days_in_month()',
  'hour(timestamp(up))',
  'minute(vector(1700000000))',
  'days_in_month(vector(1709000000))',
  `label_replace(temperature, "node", "n-$1", "pod", "pod-(.*)")`,
  `label_replace(temperature, "pod", "", "pod", ".*")`,
  `label_replace(temperature, "zone", "$1$1", "pod", "(.)od-.*")`,
  `label_replace(temperature, "x", "\${name}", "pod", "(?P<name>.*)")`,
  `label_replace(temperature, "pod", "same", "pod", ".*")`,
  `label_join(temperature, "both", "-", "pod", "zone")`,
  `label_join(up, "new", ",", "job", "missing")`,
  'max_over_time(temperature[10m:1m])',
  'avg_over_time(rate(istio_requests_total[1m])[10m:30s])',
  'rate(istio_requests_total[10m:15s])',
  'sum_over_time(up[5m:7s] offset 1m)',
  'max_over_time(sum(temperature)[10m:1m])',
  'count_over_time(vector(1)[5m:1m])',
  'min_over_time(temperature[5m:1m] @ 1700003600)',
  'quantile_over_time(0.5, temperature[5m:20s])',
  'temperature[5m]',
  'up[30s]',
  'sum(',
  'temperature{',
  'rate(temperature)',
  'sum(temperature[5m])',
  'temperature + "a"',
  '1 == 2',
  '1 and 2',
  'unknown_function(up)',
  '{}',
  '{a=""}',
  'temperature offset',
  'up{job=~"["}',
  'sum by (a) (b) (c)',
  'topk(temperature)',
  'label_replace(up, "a b", "c", "d", "e")',
  'up offset 5m offset 5m',
]

/** Queries at random, alike for the same seed. */
export function randomQueries(seed: number, count: number): readonly string[] {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0]
  const selector = (): string =>
    pick([
      REQUESTS,
      `${REQUESTS}{response_code=~"${pick(['5..', '200|404', '.*', '[24]0.'])}"}`,
      'temperature',
      'capacity',
      `temperature{zone="${pick(['a', 'b'])}"}`,
      `${REQUESTS}{reporter!="source"}`,
    ])
  const range = (): string => `[${pick(['1m', '90s', '3m', '5m', '17m'])}]`
  const vector = (depth: number): string => {
    if (depth <= 0) return pick([selector(), `${selector()} offset ${pick(['1m', '7m', '33s'])}`])
    const inner = (): string => vector(depth - 1)
    switch (pick([0, 1, 2, 3, 4, 5, 6, 7])) {
      case 0:
        return `${pick(['rate', 'increase', 'irate', 'delta', 'max_over_time', 'avg_over_time', 'changes', 'stddev_over_time'])}(${selector()}${range()})`
      case 1:
        return `${pick(['sum', 'avg', 'min', 'max', 'count', 'stddev'])} ${pick(['by (reporter)', 'by (zone, tier)', 'without (pod, response_code)', ''])} (${inner()})`
      case 2:
        return `(${inner()}) ${pick(['+', '-', '*', '/', '>', '<=', '== bool', '!='])} ${pick(['2', '0.5', '-3'])}`
      case 3:
        return `${pick(['abs', 'ceil', 'floor', 'sqrt', 'sgn', 'round'])}(${inner()})`
      case 4:
        return `(${inner()}) ${pick(['and', 'or', 'unless'])} ${pick(['on(pod) ', 'on(reporter) ', 'ignoring(zone, tier) ', ''])}(${inner()})`
      case 5:
        return `sum by (pod) (${inner()}) ${pick(['+', '/', '>'])} on(pod) sum by (pod) (${inner()})`
      case 6:
        return `${pick(['max_over_time', 'min_over_time', 'sum_over_time', 'count_over_time'])}((${inner()})${pick(['[5m:1m]', '[3m:20s]', '[10m:45s]'])})`
      default:
        return `clamp_min(${inner()}, ${pick(['0', '1', '22'])})`
    }
  }
  return Array.from({ length: count }, () => vector(1 + Math.floor(random() * 3)))
}
