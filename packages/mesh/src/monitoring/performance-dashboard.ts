import { PROXY_CONTAINER } from '@meshdeck/kube'
import { matching, selector, startingWith, sumBy, type LabelMatchers } from '../promql/promql.ts'
import { istiodContainers, istiodIn, linePanel, rateQuery, valueQuery, versionsPanel } from './component-panels.ts'
import { notIn, rateOf, reportedIn, scrapedIn, type Selections } from './expressions.ts'
import type { Dashboard, PanelQuery, Variables } from './panel.ts'

const CPU = 'container_cpu_usage_seconds_total'
const MEMORY = 'container_memory_working_set_bytes'
const INGRESS = 'istio-ingressgateway'
/** With less than that from outside, the cost of a request is mostly the cost of standing by. */
const LEAST_INGRESS_RATE = 10

const proxies = (variables: Variables): LabelMatchers => ({ container: PROXY_CONTAINER, ...scrapedIn(variables) })
const gateways = (variables: Variables): LabelMatchers => ({ ...proxies(variables), pod: startingWith(`${INGRESS}-`) })
const sidecars = (variables: Variables): LabelMatchers => ({
  ...proxies(variables),
  ...notIn(variables.systemNamespace),
})
const istiodPods = (variables: Variables): LabelMatchers =>
  istiodContainers(variables, { container: matching(`discovery|${PROXY_CONTAINER}`) })

const sum = (expression: string): string => sumBy([], expression)
const cpuOf = (containers: LabelMatchers, variables: Variables): string => sum(rateOf(CPU, [containers], variables))
const requestsOf = (selections: Selections, variables: Variables): string =>
  sum(rateOf('istio_requests_total', selections, variables))

/** What the ingress gateway has sent into the mesh. */
const fromIngress = (variables: Variables): Selections => [
  { reporter: 'source', source_workload: INGRESS, ...reportedIn(variables, 'source') },
]
/** What sidecars have sent. */
const fromSidecars = (variables: Variables): Selections => [
  {
    reporter: 'source',
    source_workload_namespace: { op: '!=', value: variables.systemNamespace },
    ...reportedIn(variables, 'source'),
  },
]
/** Every proxy's work: a request costs both ends. */
const ofAll = (variables: Variables): Selections =>
  variables.cluster === undefined
    ? [{}]
    : [
        { reporter: 'source', ...reportedIn(variables, 'source') },
        { reporter: 'destination', ...reportedIn(variables, 'destination') },
      ]

const query = (id: string, promql: PanelQuery['promql']): PanelQuery => ({ id, by: [], promql })
const eachOf = (containers: LabelMatchers): string =>
  `${sum(selector(MEMORY, containers))} / count(${selector(MEMORY, containers)})`

/** What the mesh costs. */
export const performanceDashboard: Dashboard = {
  id: 'performance',
  sections: [
    {
      id: 'cpu',
      panels: [
        linePanel('cpuPerThousand', 'cores', [
          query(
            'ingress',
            (variables) =>
              `${cpuOf(gateways(variables), variables)} / (${requestsOf(fromIngress(variables), variables)} / 1000)`,
          ),
          query(
            'sidecars',
            (variables) =>
              `${cpuOf(sidecars(variables), variables)} / (${requestsOf(ofAll(variables), variables)} / 1000) and on () (${requestsOf(fromIngress(variables), variables)} > ${LEAST_INGRESS_RATE})`,
          ),
        ]),
        linePanel('cpu', 'cores', [
          query('ingress', (variables) => cpuOf(gateways(variables), variables)),
          query('sidecars', (variables) => cpuOf(sidecars(variables), variables)),
        ]),
      ],
    },
    {
      id: 'memoryAndData',
      panels: [
        linePanel('memoryEach', 'bytes', [
          query('ingress', (variables) => eachOf(gateways(variables))),
          query('sidecars', (variables) => eachOf(sidecars(variables))),
        ]),
        linePanel('bytes', 'bytesPerSecond', [
          query('ingress', (variables) => sum(rateOf('istio_response_bytes_sum', fromIngress(variables), variables))),
          query('sidecars', (variables) =>
            ['istio_response_bytes_sum', 'istio_request_bytes_sum']
              .map((metric) => sum(rateOf(metric, fromSidecars(variables), variables)))
              .join(' + '),
          ),
        ]),
      ],
    },
    { id: 'versions', panels: [versionsPanel('componentVersions')] },
    {
      id: 'proxies',
      panels: [
        linePanel('proxyMemory', 'bytes', [valueQuery('total', MEMORY, proxies)]),
        linePanel('proxyCpu', 'cores', [rateQuery('total', CPU, proxies)]),
        linePanel('proxyDisk', 'bytes', [valueQuery('total', 'container_fs_usage_bytes', proxies)]),
      ],
    },
    {
      id: 'istiod',
      panels: [
        linePanel('istiodMemory', 'bytes', [
          ...(
            [
              ['virtual', 'process_virtual_memory_bytes'],
              ['resident', 'process_resident_memory_bytes'],
              ['heapSys', 'go_memstats_heap_sys_bytes'],
              ['heapAlloc', 'go_memstats_heap_alloc_bytes'],
              ['alloc', 'go_memstats_alloc_bytes'],
              ['heapInUse', 'go_memstats_heap_inuse_bytes'],
              ['stackInUse', 'go_memstats_stack_inuse_bytes'],
            ] as const
          ).map(([id, metric]) => valueQuery(id, metric, istiodIn, ['pod'])),
          valueQuery('total', MEMORY, istiodPods),
          valueQuery('container', MEMORY, istiodPods, ['container']),
        ]),
        linePanel('istiodCpu', 'cores', [
          rateQuery('total', CPU, istiodPods),
          rateQuery('container', CPU, istiodPods, ['container']),
          rateQuery('self', 'process_cpu_seconds_total', istiodIn, ['pod']),
        ]),
        linePanel('istiodDisk', 'bytes', [
          valueQuery('container', 'container_fs_usage_bytes', istiodPods, ['container']),
        ]),
        linePanel('openFiles', 'count', [valueQuery('openFiles', 'process_open_fds', istiodIn, ['pod'])]),
        linePanel('goroutines', 'count', [valueQuery('goroutines', 'go_goroutines', istiodIn, ['pod'])]),
      ],
    },
  ],
}
