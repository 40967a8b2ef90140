import { gunzipSync } from 'node:zlib'
import { isRecord, readPath, type KubeResource } from '@meshdeck/kube'

/** A release as Helm keeps it in a Secret of type `helm.sh/release.v1`. */
export interface HelmReleaseContent {
  name: string
  namespace: string
  /** Of the chart. */
  chart: string
  chartVersion: string
  appVersion?: string
  status: string
  /** What was given when it was installed; not the chart's defaults. */
  values: Record<string, unknown>
  labels: Record<string, string>
}

/** A Secret holds 1 MiB; what it unpacks to is bounded, so that a made-up one cannot fill the memory. */
const MAX_UNPACKED_BYTES = 64 * 2 ** 20

/**
 * Reads the content of a release: base64 of gzip of JSON, in the Secret's own base64. Undefined when it is none.
 * Source: https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go
 */
export function readHelmRelease(secret: KubeResource): HelmReleaseContent | undefined {
  const packed = readPath(secret, 'data.release')
  if (typeof packed !== 'string') return undefined
  const parsed = unpack(packed)
  const text = (path: string): string => {
    const value = readPath(parsed, path)
    return typeof value === 'string' ? value : ''
  }
  const chart = text('chart.metadata.name')
  if (chart === '') return undefined
  const config = readPath(parsed, 'config')
  const appVersion = text('chart.metadata.appVersion')
  return {
    name: text('name'),
    namespace: text('namespace'),
    chart,
    chartVersion: text('chart.metadata.version'),
    ...(appVersion === '' ? {} : { appVersion }),
    status: text('info.status'),
    values: isRecord(config) ? config : {},
    labels: { ...secret.metadata.labels },
  }
}

function unpack(packed: string): unknown {
  try {
    const stored = Buffer.from(Buffer.from(packed, 'base64').toString('latin1'), 'base64')
    // Very old releases are not compressed.
    const isGzip = stored[0] === 0x1f && stored[1] === 0x8b
    const bytes = isGzip ? gunzipSync(stored, { maxOutputLength: MAX_UNPACKED_BYTES }) : stored
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
