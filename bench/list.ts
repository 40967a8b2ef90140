import { readFileSync } from 'node:fs'
import { createConnection, parseKubeconfig } from '@meshdeck/kube-client'
import { COUNT, createMany } from './objects.ts'
import type { Figure, LabMeasurement } from './measurement.ts'
import { summarize } from './statistics.ts'
import { CLUSTERS } from './world.ts'

const RUNS = 40

/** The list of 1,000 VirtualServices through the BFF, against the same list straight from the API server. */
export const list: LabMeasurement = {
  name: 'list',
  what: `${COUNT} VirtualServices: pages through the BFF against the whole list from the API server, in turns`,
  async run(world) {
    await world.joinClusters()
    await createMany(world)
    const { lab, url, namespace } = world
    const path = `/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`
    const connection = createConnection(parseKubeconfig(readFileSync(lab.kubeconfig, 'utf8'), { source: 'file' }))
    const bff = `${url}/api/v1/clusters/${CLUSTERS[0]}/resources/virtual-services?namespace=${namespace}`
    const ways = {
      'API server, all': async () => JSON.stringify((await connection.request({ path })).body),
      'BFF, a page of 50, sorted and searched': () => text(`${bff}&pageSize=50&sort=-name&search=many`),
      'BFF, all': () => text(`${bff}&pageSize=1000`),
    }
    const times = new Map<string, number[]>()
    const bytes = new Map<string, number>()
    try {
      // In turns, so that whatever else the machine does falls on all alike. The first round warms up.
      for (let run = 0; run <= RUNS; run++) {
        for (const [way, ask] of Object.entries(ways)) {
          const started = performance.now()
          const body = await ask()
          bytes.set(way, Buffer.byteLength(body))
          if (run > 0) times.set(way, [...(times.get(way) ?? []), performance.now() - started])
        }
      }
    } finally {
      await connection.close()
    }
    const direct = summarize(times.get('API server, all') ?? []).median
    return Object.keys(ways).flatMap((way): Figure[] => {
      const { median, p95, min, max } = summarize(times.get(way) ?? [])
      return [
        { what: `${way}: median`, value: median, unit: 'ms', range: [min, max] },
        { what: `${way}: 95 %`, value: p95, unit: 'ms' },
        { what: `${way}: bytes`, value: (bytes.get(way) ?? 0) / 1000, unit: 'KB' },
        ...(way === 'API server, all'
          ? []
          : [{ what: `${way}: against the API server`, value: median / direct, unit: '×' as const }]),
      ]
    })
  },
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.text()
}
