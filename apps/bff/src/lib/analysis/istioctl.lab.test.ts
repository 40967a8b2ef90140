/** The corpus of the analysis, put to istioctl analyze: core objects live in a cluster, Istio's as files over it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeResource } from '@meshdeck/kube'
import { labDown, labUp, type LabState } from '@meshdeck/lab'
import { createAnalyzer } from '@meshdeck/mesh'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { CASES, type CorpusCase } from '../../../../../packages/mesh/src/analysis/corpus/cases.ts'
import { inputOf, objectsOf } from '../../../../../packages/mesh/src/analysis/corpus/input.ts'
import { BASE } from '../../../../../packages/mesh/src/analysis/corpus/objects.ts'
import { EXPLAINED } from './istioctl-differences.ts'

const CORE = ['v1', 'apps/v1']
let lab: LabState
let dir: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'meshdeck-analysis-'))
  lab = await labUp({ dir: join(dir, 'lab'), clusters: ['east'], bare: true })
  await create(BASE.filter(isCore))
}, 900_000)
afterAll(() => labDown({ dir: lab.dir }))

const isCore = ({ apiVersion }: KubeResource): boolean => CORE.includes(apiVersion)
const print = (objects: readonly KubeResource[]): string => objects.map((each) => JSON.stringify(each)).join('\n---\n')

function kubectl(args: readonly string[], input: string): { status: number | null; stderr: string } {
  return spawnSync(lab.bin.kubectl, ['--kubeconfig', lab.kubeconfig, ...args], { input, encoding: 'utf8' })
}

/** Service accounts come a moment after their namespace, and pods need them. */
async function create(objects: readonly KubeResource[]): Promise<void> {
  const ordered = [...objects].toSorted((a, b) => rank(a) - rank(b))
  await vi.waitFor(
    () => {
      const { status, stderr } = kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], print(ordered))
      expect(status, stderr).toBe(0)
    },
    { timeout: 60_000, interval: 300 },
  )
}
const rank = ({ kind }: KubeResource): number => ['Namespace', 'ServiceAccount', 'Service'].indexOf(kind) % 10

interface Message {
  code: string
  origin: string
  message: string
}

function istioctl(objects: readonly KubeResource[]): Message[] {
  const file = join(dir, 'case.yaml')
  writeFileSync(file, print(objects.filter((each) => !isCore(each))))
  const args = ['--kubeconfig', lab.kubeconfig, 'analyze', '-A', '-o', 'json', file]
  const { stdout, stderr } = spawnSync(lab.bin.istioctl, args, { encoding: 'utf8' })
  // Without any message it prints nothing.
  if (stdout.trim() === '' && !stderr.includes('No validation issues')) throw new Error(stderr)
  const found: unknown = stdout.trim() === '' ? [] : JSON.parse(stdout)
  if (!Array.isArray(found)) throw new Error(stdout)
  // The boundary: istioctl's own output.
  return found as Message[]
}

/** How istioctl names an object. Pods that Kubernetes has made of a Deployment are none of ours. */
const originOf = ({ kind, metadata }: KubeResource): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`

const codes = (list: readonly { code: string }[]): string[] => [...new Set(list.map(({ code }) => code))].toSorted()

it('finds all that istioctl finds, and says why where it does not', { timeout: 600_000 }, async () => {
  const key = ({ code, origin }: Message): string => `${code} ${origin}`
  const own = new Set(istioctl(BASE).map(key))
  const different: string[] = []
  let agreed = 0
  // What only a second cluster, a certificate or the mesh's settings tell, one run of istioctl does not see.
  for (const one of CASES.filter(({ member, facts, credentials }) => !member && !facts && !credentials)) {
    const objects = objectsOf(one)
    const core = one.objects.filter(isCore)
    if (core.length > 0) await create(core)
    const names = new Set(objects.map(originOf))
    const theirs = codes(istioctl(objects).filter((each) => names.has(each.origin) && !own.has(key(each))))
    const ours = codes(createAnalyzer().analyze(inputOf(one)))
    // A namespace takes long to go, and what is left of it says nothing of the next case.
    const leftover = core.filter(({ kind }) => kind !== 'Namespace')
    if (leftover.length > 0) kubectl(['delete', '--grace-period=0', '--force', '-f', '-'], print(leftover))
    const missing = theirs.filter((code) => !ours.includes(code) && !isExplained(one, code))
    const surplus = ours.filter((code) => code.startsWith('IST') && !theirs.includes(code) && !isExplained(one, code))
    if (missing.length + surplus.length === 0) agreed += 1
    else
      different.push(`${one.what}: istioctl only ${missing.join(', ') || '–'}; ours only ${surplus.join(', ') || '–'}`)
  }
  process.stdout.write(`istioctl analyze: ${agreed} cases agree or are explained, ${different.length} do not\n`)
  expect(different).toEqual([])
})

const isExplained = ({ what }: CorpusCase, code: string): boolean =>
  EXPLAINED.some((each) => each.code === code && (each.cases === 'all' || each.cases.includes(what)))
