import { POD_INJECT_LABEL } from '@meshdeck/kube'
import type { InjectionAction } from './label-patch.ts'
import type { Labels } from './label-selector.ts'

/**
 * What can be set of one workload's sidecars, and the annotation of its pod template that sets it.
 * Source: https://istio.io/latest/docs/reference/config/annotations/
 */
export const SIDECAR_ANNOTATIONS = {
  cpuRequest: 'sidecar.istio.io/proxyCPU',
  cpuLimit: 'sidecar.istio.io/proxyCPULimit',
  memoryRequest: 'sidecar.istio.io/proxyMemory',
  memoryLimit: 'sidecar.istio.io/proxyMemoryLimit',
  logLevel: 'sidecar.istio.io/logLevel',
  excludeInboundPorts: 'traffic.sidecar.istio.io/excludeInboundPorts',
  excludeOutboundPorts: 'traffic.sidecar.istio.io/excludeOutboundPorts',
  excludeOutboundIPRanges: 'traffic.sidecar.istio.io/excludeOutboundIPRanges',
} as const
export type SidecarSetting = keyof typeof SIDECAR_ANNOTATIONS
export type SidecarSettings = Partial<Record<SidecarSetting, string>>

export const SIDECAR_SETTINGS = Object.keys(SIDECAR_ANNOTATIONS) as readonly SidecarSetting[]
export const PROXY_LOG_LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'] as const

const QUANTITY = /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/

/** Settings that a pod template carries. */
export function readSidecarSettings(annotations: Labels | undefined): SidecarSettings {
  return Object.fromEntries(
    SIDECAR_SETTINGS.flatMap((setting) => {
      const value = annotations?.[SIDECAR_ANNOTATIONS[setting]]
      return value === undefined ? [] : [[setting, value]]
    }),
  )
}

/** Whether the pod template itself says something of injection. */
export function injectionPolicyOf(podLabels: Labels | undefined): 'enabled' | 'disabled' | 'unset' {
  const value = podLabels?.[POD_INJECT_LABEL]
  return value === 'true' ? 'enabled' : value === 'false' ? 'disabled' : 'unset'
}

/** What is wrong with a value: a key for its words; nothing when istiod's webhook would take it. Empty means unset. */
export function settingProblem(
  setting: SidecarSetting,
  value: string,
): 'quantity' | 'logLevel' | 'ports' | 'cidrs' | undefined {
  const text = value.trim()
  if (text === '') return undefined
  switch (setting) {
    case 'cpuRequest':
    case 'cpuLimit':
    case 'memoryRequest':
    case 'memoryLimit':
      return isQuantity(text) ? undefined : 'quantity'
    case 'logLevel':
      // Levels of single loggers too: `rbac:debug,jwt:info`.
      return text.split(',').every((part) => isLogLevel(part.trim().replace(/^[a-z_0-9]+:/, '')))
        ? undefined
        : 'logLevel'
    case 'excludeInboundPorts':
    case 'excludeOutboundPorts':
      return text.split(',').every((part) => isPort(part.trim())) ? undefined : 'ports'
    case 'excludeOutboundIPRanges':
      return text.split(',').every((part) => isCidr(part.trim())) ? undefined : 'cidrs'
  }
}

/** A JSON merge patch of a workload; null removes. */
export interface SidecarPatch {
  spec: {
    template: { metadata: { labels?: Record<string, string | null>; annotations?: Record<string, string | null> } }
  }
}

/** The merge patch that sets injection and settings of a workload's pod template. A setting that is empty is removed. */
export function sidecarPatch(change: { action?: InjectionAction; settings?: SidecarSettings }): SidecarPatch {
  const { action, settings = {} } = change
  const annotations = Object.fromEntries(
    SIDECAR_SETTINGS.flatMap((setting) => {
      const value = settings[setting]?.trim()
      return value === undefined ? [] : [[SIDECAR_ANNOTATIONS[setting], value === '' ? null : value]]
    }),
  )
  const label = action === 'enable' ? 'true' : action === 'disable' ? 'false' : null
  return {
    spec: {
      template: {
        metadata: {
          ...(action === undefined ? {} : { labels: { [POD_INJECT_LABEL]: label } }),
          ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        },
      },
    },
  }
}

/** Of CPU or memory, as Kubernetes writes it: `100m`, `1.5`, `128Mi`. */
export const isQuantity = (text: string): boolean => QUANTITY.test(text)
const isLogLevel = (text: string): boolean => PROXY_LOG_LEVELS.some((level) => level === text)
const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535

function isCidr(text: string): boolean {
  const [, ...parts] = CIDR.exec(text) ?? []
  const [length, ...bytes] = parts.map(Number).toReversed()
  return length !== undefined && length <= 32 && bytes.every((byte) => byte <= 255)
}
