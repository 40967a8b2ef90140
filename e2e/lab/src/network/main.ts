/**
 * What clusters without Istio need before somebody can install it there: a way from the API server to webhooks, addresses
 * for load balancers, and a process for every pod of istiod. `node main.ts DIR`, for the lab in that directory.
 */
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { clusterPaths, labPaths } from '../layout.ts'
import { readState } from '../state.ts'
import { clusterReader } from './cluster-reader.ts'
import type { ClusterReader } from './cluster-reader.ts'
import { startEgressProxy } from './egress-proxy.ts'
import { Istiods } from './istiods.ts'
import { LoadBalancers } from './load-balancers.ts'
import { resolveAddress } from './resolve-address.ts'

const LOOK_MS = 300

const dir = process.argv[2] ?? ''
const state = await readState(dir)
const { network } = labPaths(dir)
await mkdir(network, { recursive: true })
const istiods = new Istiods(network, state.bin.istio)
const balancers = new LoadBalancers()
const readers = new Map<string, ClusterReader>()
for (const { name, kubeconfig } of state.clusters) {
  readers.set(name, await clusterReader(kubeconfig))
  const { home, egressSocket } = clusterPaths(dir, name)
  await mkdir(home, { recursive: true })
  await startEgressProxy(egressSocket, (host, port) =>
    resolveAddress({ readers, istiods, balancers }, name, host, port),
  )
}
createServer((request, response) => {
  if (request.url !== '/istiods') response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(istiods.list()))
}).listen({ port: state.networkPort, host: '127.0.0.1' })
process.once('SIGTERM', () => {
  istiods.stop()
  process.exit(0)
})

for (;;) {
  for (const { name, kubeconfig } of state.clusters) {
    const reader = readers.get(name)
    if (reader === undefined) continue
    try {
      await istiods.follow(name, kubeconfig, reader)
      await balancers.follow(name, await reader.list('/api/v1/services'), reader)
    } catch (error) {
      // A cluster that comes up, or was stopped for a test.
      console.error(`${name}: ${String(error)}`)
    }
  }
  await sleep(LOOK_MS)
}
