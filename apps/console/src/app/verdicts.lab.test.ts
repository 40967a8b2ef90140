/** The corpus of objects, put to the console's own rules and to a real API server with istiod's webhook, by dry run. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { labState } from '@meshdeck/lab'
import { expect, it } from 'vitest'
import { formVerdict } from './testing/form-verdict.ts'
import { verdictCorpus } from './testing/verdict-corpus.ts'
import { EXPLAINED } from './testing/verdict-differences.ts'

const corpus = verdictCorpus()
const KINDS = [...new Set(corpus.map(({ kind }) => kind))]

/** Places in the corpus of what the server would take. */
async function takenByServer(): Promise<ReadonlySet<number>> {
  const { bin, kubeconfig } = await labState()
  const named = corpus.map(({ object }, at) =>
    JSON.stringify({ ...object, metadata: { ...object.metadata, name: `verdict-${at}` } }),
  )
  const args = ['--kubeconfig', kubeconfig, 'create', '--dry-run=server', '--validate=ignore', '-o', 'name', '-f', '-']
  const options = { input: named.join('\n---\n'), encoding: 'utf8', maxBuffer: 100_000_000 } as const
  const { stdout } = spawnSync(bin.kubectl, args, options)
  return new Set([...stdout.matchAll(/\/verdict-(\d+)$/gm)].map(([, at]) => Number(at)))
}

it('agrees with istiod on every object, or says why not', { timeout: 120_000 }, async () => {
  const taken = await takenByServer()
  // Both verdicts are there, or nothing was compared.
  expect(taken.size).toBeGreaterThan(200)
  expect(corpus.length - taken.size).toBeGreaterThan(200)
  const counts = new Map(KINDS.map((kind) => [kind, { objects: 0, refused: 0, agreed: 0, explained: 0 }]))
  const open: string[] = []
  const used = new Set<unknown>()
  for (const [at, { object, kind, changes }] of corpus.entries()) {
    const count = counts.get(kind)
    if (count === undefined) continue
    const faults = formVerdict(object)
    const isTaken = taken.has(at)
    count.objects += 1
    if (!isTaken) count.refused += 1
    const refusedBy = isTaken ? 'form' : 'server'
    const reason = EXPLAINED.find(
      (one) => one.kind === kind && one.refusedBy === refusedBy && changes.some((change) => one.change.test(change)),
    )
    if (isTaken === (faults.length === 0)) count.agreed += 1
    else if (reason !== undefined) {
      count.explained += 1
      used.add(reason)
    } else open.push(`${refusedBy} alone refuses ${kind} with ${changes.join(' and ')}: ${faults.join(', ')}`)
  }
  process.stdout.write(`${[...counts].map(([kind, each]) => `${kind}: ${JSON.stringify(each)}`).join('\n')}\n`)
  expect(open).toEqual([])
  expect(EXPLAINED.filter((one) => !used.has(one))).toEqual([])
  const rows = [...counts].map(
    ([kind, { objects, refused, agreed, explained }]) =>
      new RegExp(`\\| ${kind} +\\| +${objects} +\\| +${refused} +\\| +${agreed} +\\| +${explained} +\\|`),
  )
  const docs = readFileSync(new URL('../../../../docs/verdicts.md', import.meta.url), 'utf8')
  expect(rows.filter((row) => !row.test(docs)).map(String)).toEqual([])
})
