import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chartArguments, createHelm, HelmError } from './helm.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helm-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const { signal } = new AbortController()
const release = {
  name: 'istiod',
  namespace: 'istio-system',
  chart: 'istiod' as const,
  version: '1.30.3',
  values: { a: 1 },
}

/** A program in Helm's place that tells how it was called. */
async function program(script: string): Promise<string> {
  const path = join(folder, 'helm')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

describe('a chart', () => {
  it('comes from a registry, a repository or a folder', async () => {
    expect(await chartArguments('oci://r.example/charts/', 'istiod', '1.30.3')).toEqual([
      'oci://r.example/charts/istiod',
      '--version',
      '1.30.3',
    ])
    expect(await chartArguments('https://c.example', 'base', '1.30.3')).toEqual([
      'base',
      '--repo',
      'https://c.example',
      '--version',
      '1.30.3',
    ])
    await mkdir(join(folder, 'istio-control/istio-discovery'), { recursive: true })
    await writeFile(join(folder, 'istio-control/istio-discovery/Chart.yaml'), 'name: istiod')
    expect(await chartArguments(folder, 'istiod', '1.30.3')).toEqual([join(folder, 'istio-control/istio-discovery')])
    await expect(chartArguments(folder, 'cni', '1.30.3')).rejects.toThrow(
      `The folder ${folder} has no chart cni; looked for cni and istio-cni`,
    )
  })
})

describe('Helm', () => {
  it('is given values and credential in files that only we can read and that are gone afterwards', async () => {
    const seen = join(folder, 'seen')
    const path = await program(
      `echo "$@" > ${seen}; stat -c %a "$KUBECONFIG" >> ${seen}; cat "$KUBECONFIG" >> ${seen}; echo >> ${seen}; for a in "$@"; do case "$a" in --values=*) cat "\${a#--values=}" >> ${seen};; esac; done; echo "$HOME" > ${seen}.home`,
    )
    const helm = createHelm({ program: path, charts: 'oci://r.example/charts' })
    await helm.upgrade(release, { 'meshdeck.io/mesh': 'shop' }, { kubeconfig: 'secret', signal })
    const text = await readFile(seen, 'utf8')
    expect(text).toContain(
      'upgrade --install istiod oci://r.example/charts/istiod --version 1.30.3 --namespace=istio-system',
    )
    expect(text).toContain('--labels=meshdeck.io/mesh=shop')
    expect(text.split('\n').slice(1, 4)).toEqual(['600', 'secret', '{"a":1}'])
    await expect(readFile(join((await readFile(`${seen}.home`, 'utf8')).trim(), 'kubeconfig'))).rejects.toThrow(
      'ENOENT',
    )
  })

  it('is quoted when it fails, without what it only warned of', async () => {
    const path = await program(
      'echo "WARNING: kubeconfig is readable" >&2; echo "Error: INSTALLATION FAILED: chart not found" >&2; exit 1',
    )
    const failing = createHelm({ program: path, charts: 'oci://r.example/charts' })
    await expect(failing.upgrade(release, {}, { kubeconfig: '', signal })).rejects.toThrow(
      new HelmError('INSTALLATION FAILED: chart not found'),
    )
  })

  it('says what is missing before it is needed', async () => {
    expect(await createHelm({}).check()).toEqual({ ready: false, message: expect.stringContaining('--istio-charts') })
    const nowhere = createHelm({ program: join(folder, 'nowhere'), charts: folder })
    expect(await nowhere.check()).toEqual({ ready: false, message: expect.stringContaining('there is no program') })
    const here = createHelm({ program: await program('echo v4.2.0'), charts: folder })
    expect(await here.check()).toEqual({ ready: true, message: `Helm v4.2.0 installs Istio from ${folder}.` })
  })

  it('previews what it would make, by the server and without what Secrets hold', async () => {
    const manifest = '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n---\n# HIDDEN: the Secret\n'
    const seen = join(folder, 'seen')
    const path = await program(`echo "$@" > ${seen}; cat <<'EOF'\n${JSON.stringify({ version: 2, manifest })}\nEOF`)
    const helm = createHelm({ program: path, charts: 'oci://r.example/charts' })
    expect(await helm.preview(release, { kubeconfig: 'secret', signal })).toEqual({
      revision: 2,
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio' } }],
    })
    const args = await readFile(seen, 'utf8')
    expect(args).toContain('upgrade --install istiod oci://r.example/charts/istiod --version 1.30.3')
    expect(args).toContain('--dry-run=server --hide-secret')
  })

  it('that prints something else is told as such', async () => {
    const helm = createHelm({ program: await program('echo "{}"'), charts: 'oci://r.example/charts' })
    await expect(helm.preview(release, { kubeconfig: '', signal })).rejects.toThrow('Helm 4 is needed')
  })

  it('ends with who asked for it', async () => {
    const ending = new AbortController()
    const started = join(folder, 'started')
    const helm = createHelm({
      program: await program(`touch ${started}; exec sleep 60`),
      charts: 'oci://r.example/charts',
    })
    const running = helm.upgrade(release, {}, { kubeconfig: '', signal: ending.signal })
    const reason = new Error('the end')
    ending.abort(reason)
    await expect(running).rejects.toBe(reason)
  })
})
