import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResourceRef } from '@meshdeck/kube'
import { createConnection, createResourceClient, parseKubeconfig, STORED } from '@meshdeck/kube-client'
import { toRevision, type HistoryRecord } from '@meshdeck/mesh'
import { fleetNamed, kubeconfigOf, Sandbox } from '@meshdeck/sandbox'
import { prepareHub } from '../scripts/prepare-hub.ts'
import type { Figure, Measurement } from './measurement.ts'
import { freePort, residentMegabytes, stop, until } from './processes.ts'
import { summarize } from './statistics.ts'

const ROOT = join(import.meta.dirname, '..')
const CHANGES = 10_000
const EACH = 20
const NAMESPACES = 50
const WRITERS = 16
const RUNS = 40
const AIM_MS = 200

/** A history of 10,000 changes through the BFF, as its page asks for it. */
export const history: Measurement = {
  name: 'history',
  what: `${CHANGES} changes of ${CHANGES / EACH} objects in ${NAMESPACES} namespaces: pages of 50 through the BFF, one after the other`,
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'meshdeck-bench-'))
    const sandbox = await Sandbox.start({ fleet: fleetNamed('demo', 1), onError: (error) => console.error(error) })
    try {
      const text = kubeconfigOf(await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess())))
      const path = join(directory, 'kubeconfig')
      writeFileSync(path, text, { mode: 0o600 })
      const connection = createConnection(parseKubeconfig(text, { source: 'file', context: 'hub' }))
      const mesh = {
        apiVersion: 'meshdeck.io/v1alpha1',
        kind: 'Mesh',
        metadata: { name: 'shop' },
        spec: { mode: 'External', controlPlane: { cluster: 'east-1' } },
      }
      await prepareHub(connection, [{ name: 'east-1', context: 'east-1' }], () => {}, [mesh])
      const hub = createResourceClient(connection, STORED)
      const left = records()
      await Promise.all(
        Array.from({ length: WRITERS }, async () => {
          for (let record = left.pop(); record !== undefined; record = left.pop())
            await hub.create('ControllerRevision', toRevision(record))
        }),
      )
      await connection.close()
      const { url, child } = await startBff(path)
      try {
        const began = performance.now()
        await until(async () => (await totalOf(`${url}?pageSize=50`)) === CHANGES)
        const cold = performance.now() - began
        const ways: readonly (readonly [string, string])[] = [
          ['newest 50', '?pageSize=50'],
          ['the last page', `?pageSize=50&page=${CHANGES / 50}`],
          ['by author, tool and time', '?pageSize=50&author=alice&tool=console&since=2026-01-02T00:00:00Z'],
          ['searched in names, reasons and fields', '?pageSize=50&search=timeout'],
          ['sorted by name', '?pageSize=50&sort=name'],
        ]
        const figures: Figure[] = []
        for (const [what, query] of ways) {
          const times: number[] = []
          for (let run = 0; run <= RUNS; run++) {
            const started = performance.now()
            await totalOf(`${url}${query}`)
            // The first warms up.
            if (run > 0) times.push(performance.now() - started)
          }
          const { median, p95, min, max } = summarize(times)
          figures.push({ what: `${what}: median`, value: median, unit: 'ms', range: [min, max], aim: AIM_MS })
          figures.push({ what: `${what}: 95 %`, value: p95, unit: 'ms' })
        }
        figures.push({ what: 'first answer after the start, all read from the hub', value: cold, unit: 'ms' })
        figures.push({ what: 'memory of the BFF', value: residentMegabytes(child.pid ?? 0), unit: 'MB' })
        return figures
      } finally {
        await stop(child)
      }
    } finally {
      await sandbox.stop()
      rmSync(directory, { recursive: true })
    }
  },
}

async function startBff(kubeconfig: string): Promise<{ url: string; child: ReturnType<typeof spawn> }> {
  const port = await freePort()
  const args = ['apps/bff/src/main.ts', '--kubeconfig', kubeconfig, '--hub-context', 'hub', '--port', String(port)]
  const child = spawn(process.execPath, [...args, '--log-level', 'error'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok)
  return { url: `http://127.0.0.1:${port}/api/v1/meshes/shop/history`, child }
}

/** The boundary: our own route. */
async function totalOf(url: string): Promise<number> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return ((await answer.json()) as { all: number }).all
}

function records(): HistoryRecord[] {
  return Array.from({ length: CHANGES }, (_, index) => {
    const object = Math.floor(index / EACH)
    const number = (index % EACH) + 1
    const namespace = `ns-${object % NAMESPACES}`
    const name = `rule-${object}`
    const ref: ResourceRef = { cluster: 'east-1', kind: 'VirtualService', namespace, name }
    const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString()
    return {
      id: `history-${object.toString(16).padStart(16, '0')}-${number}`,
      number,
      ref,
      operation: number === 1 ? 'created' : 'changed',
      deletes: false,
      at,
      noticedAt: at,
      late: false,
      author: index % 3 === 0 ? { tool: 'console', user: 'alice' } : { tool: 'kubectl', manager: 'kubectl-edit' },
      fields: ['spec.http[0].timeout'],
      fieldCount: 1,
      digest: String(index),
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name, namespace },
        spec: route(),
      },
    }
  })
}

const route = (): object => ({
  hosts: ['reviews'],
  http: Array.from({ length: 10 }, (_, index) => ({
    name: `route-${index}`,
    match: [{ uri: { prefix: `/v${index}/` }, headers: { 'x-team': { exact: 'checkout' } } }],
    timeout: '5s',
    route: [{ destination: { host: 'reviews', subset: 'v1' }, weight: 100 }],
  })),
})
