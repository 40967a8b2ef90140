/** Istio's own charts. Source: https://istio.io/latest/docs/setup/install/helm/ */
export type IstioChart = 'base' | 'istiod' | 'cni' | 'ztunnel' | 'gateway'

/** A Helm release of one of them, as it should be. */
export interface HelmRelease {
  name: string
  namespace: string
  chart: IstioChart
  /** Without a leading `v`. */
  version: string
  values: Record<string, unknown>
}
