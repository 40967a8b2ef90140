import type { OutlierDetection } from '@meshdeck/kube'

/** As the hub's schema takes it: `10s`, `1.5m`. Nothing is Envoy's own default. */
export const isDuration = (text: string | undefined): boolean =>
  text === undefined || /^[0-9]+(\.[0-9]+)?(ms|s|m|h)$/.test(text)

export const isOutlierDetection = ({ interval, baseEjectionTime }: OutlierDetection): boolean =>
  isDuration(interval) && isDuration(baseEjectionTime)
