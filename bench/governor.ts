import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { addressIn } from './demo-start.ts'
import type { Measurement } from './measurement.ts'
import { stop } from './processes.ts'
import { summarize } from './statistics.ts'

const ROOT = join(import.meta.dirname, '..')
const TABS = 50
const RUNS = 30
/** What a tab with the dashboard of a mesh asks for. */
const SECTIONS = ['monitoring/mesh/traffic', 'monitoring/mesh/versions', 'metrics/overview', 'topology?view=service']

/** Many tabs with the same dashboard on the embedded fleet: how many questions reach Prometheus, and how long a shared answer takes. */
export const governor: Measurement = {
  name: 'governor',
  what: `${TABS} tabs open the same dashboard at once: questions that reach Prometheus, against those that the tabs come to; then answers that are kept already`,
  async run() {
    const child = spawn(process.execPath, ['scripts/start.ts', '--no-open', '--port', '0'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const url = (await addressIn(child.stdout)).replace(/\/+$/, '')
      const mesh = await firstMesh(url)
      const paths = SECTIONS.map((section) => `${url}/api/v1/meshes/${mesh}/${section}`)
      const open = async (): Promise<number> => {
        const began = performance.now()
        await Promise.all(paths.map(read))
        return performance.now() - began
      }
      const one = await open()
      // A moment later all questions are new ones.
      await new Promise((resolve) => setTimeout(resolve, 15_000))
      const before = await counted(url)
      const tabs = await Promise.all(Array.from({ length: TABS }, open))
      const after = await counted(url)
      const kept: number[] = []
      for (let run = 0; run < RUNS; run++) {
        const began = performance.now()
        await read(paths[0] ?? '')
        kept.push(performance.now() - began)
      }
      const [sent, asked] = [after.sent - before.sent, after.asked - before.asked]
      const [shared, all] = [summarize(kept), summarize(tabs)]
      return [
        { what: `questions that ${TABS} tabs come to (sent without the governor)`, value: asked, unit: '' },
        { what: 'questions that reached Prometheus', value: sent, unit: '' },
        { what: 'spared', value: asked / Math.max(1, sent), unit: '×' },
        { what: 'one tab alone, cold', value: one, unit: 'ms' },
        { what: `a tab among ${TABS}: median`, value: all.median, unit: 'ms', range: [all.min, all.max] },
        {
          what: 'a section that is kept: median',
          value: shared.median,
          unit: 'ms',
          range: [shared.min, shared.max],
          aim: 20,
        },
      ]
    } finally {
      await stop(child)
    }
  },
}

async function read(url: string): Promise<unknown> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function firstMesh(url: string): Promise<string> {
  const list = await read(`${url}/api/v1/meshes`)
  const name = /"name":"([^"]+)"/.exec(JSON.stringify(list))?.[1]
  if (name === undefined) throw new Error('there is no mesh')
  return name
}

/** Of the BFF's own figures: questions of readers, and those that were sent for them. */
async function counted(url: string): Promise<{ asked: number; sent: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(String.raw`^${name}\{[^}]*\} (\d+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    )
  return { asked: sum('meshdeck_bff_prometheus_answers_total'), sent: sum('meshdeck_bff_prometheus_queries_total') }
}
