import { setTimeout as sleep } from 'node:timers/promises'
import { createMany } from './objects.ts'
import type { Figure, LabMeasurement } from './measurement.ts'
import { residentMegabytes } from './processes.ts'
import type { World } from './world.ts'

/** Long enough for the lists that follow the first, and for the collector to have been by. */
const SETTLE_MS = 8_000

/** Memory of the BFF: alone, with two clusters in its cache, and with a thousand objects more. */
export const memory: LabMeasurement = {
  name: 'memory',
  what: 'Resident memory and heap in use of the BFF, a process of its own',
  async run(world) {
    const figures = [...(await look(world, 'at rest'))]
    await world.joinClusters()
    figures.push(...(await look(world, 'with two clusters')))
    await createMany(world)
    figures.push(...(await look(world, 'with 1,000 VirtualServices more')))
    return figures
  },
}

async function look({ pid, url }: World, when: string): Promise<Figure[]> {
  await sleep(SETTLE_MS)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const heap = /^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]
  return [
    { what: `${when}: resident`, value: residentMegabytes(pid), unit: 'MB' },
    ...(heap === undefined ? [] : [{ what: `${when}: heap in use`, value: Number(heap) / 1e6, unit: 'MB' as const }]),
  ]
}
