/**
 * Serves the metrics that the proxies of a cluster would expose, for Prometheus to scrape:
 * `node generator.ts --graph=NAME --cluster=NAME --port=N --since=ISO`.
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { renderMetrics } from './exposition.ts'
import { graphNamed } from './graphs/index.ts'

const { values } = parseArgs({
  options: {
    graph: { type: 'string' },
    cluster: { type: 'string' },
    port: { type: 'string' },
    since: { type: 'string' },
  },
})
const graph = graphNamed(values.graph ?? '')
const cluster = values.cluster ?? ''
const since = Date.parse(values.since ?? '')
if (cluster === '' || Number.isNaN(since)) throw new Error('--cluster and --since are needed')

const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok\n')
  if (request.url !== '/metrics') return response.writeHead(404).end()
  response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  return response.end(renderMetrics(graph, cluster, Math.max(0, Date.now() - since) / 1000))
})
server.listen(Number(values.port), '127.0.0.1')
