import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, parseKubeconfig, readKubeconfigFile } from '@meshdeck/kube-client'
import type { Figure, Measurement } from './measurement.ts'
import { residentMegabytes } from './processes.ts'
import { createScaleWorld, FLEET, MESH } from './scale-world.ts'
import { summarize } from './statistics.ts'

const RUNS = 15
const PAGES_PER_RUN = 5
/** What a page of services is made of: without a cache all of it would have to be read for each. */
const LISTS = ['/api/v1/services', '/api/v1/pods'] as const

/** The largest fleet: how soon it stands, what it takes, and a page of its services against the lists behind it. */
export const scale: Measurement = {
  name: 'scale',
  what: `${FLEET}: the sandbox, the BFF over it, and a page of 50 services against the same lists from the API servers, in turns`,
  async run() {
    const world = await createScaleWorld()
    const { sandbox, url, pid } = world
    const { text, directory } = readKubeconfigFile(sandbox.kubeconfig)
    const connections = sandbox.clusters.map(({ name }) =>
      createConnection(parseKubeconfig(text, { source: 'file', directory, context: name }), { name }),
    )
    try {
      const pages: number[] = []
      const lists: number[] = []
      for (let run = 0; run < RUNS; run++) {
        for (let page = 1; page <= PAGES_PER_RUN; page++) {
          const query = `pageSize=50&page=${run * PAGES_PER_RUN + page}`
          pages.push(await timed(() => read(`${url}/api/v1/meshes/${MESH}/services?${query}`)))
        }
        lists.push(
          await timed(async () => {
            await Promise.all(connections.flatMap((each) => LISTS.map((path) => each.request({ path }))))
          }),
        )
      }
      await sleep(5_000)
      const page = summarize(pages)
      const list = summarize(lists)
      const figures: Figure[] = [
        { what: 'sandbox ready', value: sandbox.readyMs, unit: 'ms', aim: 60_000 },
        { what: 'sandbox: resident', value: residentMegabytes(sandbox.pid), unit: 'MB', aim: 1_500 },
        { what: 'BFF: resident', value: residentMegabytes(pid), unit: 'MB', aim: 512 },
        { what: 'page of services: median', value: page.median, unit: 'ms', range: [page.min, page.max], aim: 100 },
        { what: 'page of services: 95 %', value: page.p95, unit: 'ms' },
        { what: 'the lists behind it: median', value: list.median, unit: 'ms', range: [list.min, list.max] },
        { what: 'page against lists', value: page.median / list.median, unit: '×', aim: 1 / 20 },
      ]
      return figures
    } finally {
      await Promise.all(connections.map((each) => each.close()))
      await world.close()
    }
  },
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function read(url: string): Promise<void> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  await answer.text()
}
