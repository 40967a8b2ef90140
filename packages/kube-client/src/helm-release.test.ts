import { gzipSync } from 'node:zlib'
import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { readHelmRelease } from './helm-release.ts'

const twice = (bytes: Buffer): string => Buffer.from(bytes.toString('base64')).toString('base64')
const secret = (release: string): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'sh.helm.release.v1.istiod.v1', labels: { owner: 'helm' } },
  data: { release },
})
const content = {
  name: 'istiod',
  namespace: 'istio-system',
  info: { status: 'deployed' },
  chart: { metadata: { name: 'istiod', version: '1.30.3', appVersion: '1.30.3' }, values: { defaults: true } },
  config: { pilot: { replicaCount: 2 }, nothing: null },
}

describe('a Helm release', () => {
  it('is read out of its Secret, packed or not', () => {
    for (const bytes of [gzipSync(JSON.stringify(content)), Buffer.from(JSON.stringify(content))]) {
      expect(readHelmRelease(secret(twice(bytes)))).toEqual({
        name: 'istiod',
        namespace: 'istio-system',
        chart: 'istiod',
        chartVersion: '1.30.3',
        appVersion: '1.30.3',
        status: 'deployed',
        values: { pilot: { replicaCount: 2 }, nothing: null },
        labels: { owner: 'helm' },
      })
    }
  })

  it('is none when it cannot be read, and does not unpack without end', () => {
    const bomb = gzipSync(Buffer.alloc(80 * 2 ** 20, 0x20))
    for (const text of ['', '%%%', twice(Buffer.from('{')), twice(Buffer.from('[]')), twice(bomb)]) {
      expect(readHelmRelease(secret(text))).toBeUndefined()
    }
    expect(readHelmRelease({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })).toBeUndefined()
  })
})
