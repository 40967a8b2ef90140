import type { ProxyState, ProxyView } from '@meshdeck/contract'
import { XDS_TYPES } from '@meshdeck/mesh/proxy-config'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'

const TONES: Readonly<Record<ProxyState, StatusTone>> = {
  ignored: 'unknown',
  'not-sent': 'unknown',
  synced: 'success',
  stale: 'warning',
  'never-acked': 'warning',
  rejected: 'error',
  disconnected: 'error',
}

/** The state of a proxy, with what that means and what the proxy itself said. */
export function ProxyStateDot({ proxy }: { proxy: Pick<ProxyView, 'state' | 'xds'> }) {
  const { t } = useTranslation('proxies')
  const { state, xds } = proxy
  const errors = Object.entries(xds).flatMap(([type, { error }]) => (error === undefined ? [] : [`${type}: ${error}`]))
  // What only ztunnels are sent has no column.
  const others = Object.entries(xds).filter(([type]) => !XDS_TYPES.some((each) => each === type))
  const parts = others.map(([type, status]) => `${type}: ${t(`states.${status.state}`)}`)
  return (
    <StatusDot tone={TONES[state]} reason={[t(`stateReasons.${state}`), ...parts, ...errors].join('\n')}>
      {t(`states.${state}`)}
    </StatusDot>
  )
}

/** Whether one kind of configuration is in use as it was sent last; an en dash for a proxy that is not connected. */
export function XdsStateDot({ proxy, type }: { proxy: Pick<ProxyView, 'xds'>; type: string }) {
  const { t } = useTranslation('proxies')
  const format = useFormat()
  const status = proxy.xds[type]
  if (status === undefined) return '–'
  const { state, sentAt, error } = status
  const shown = error !== undefined && state !== 'synced' ? 'rejected' : state
  const sent = sentAt === undefined ? undefined : t('sentAt', { at: format.dateTime(sentAt) })
  return (
    <StatusDot tone={TONES[shown]} reason={[t(`stateReasons.${shown}`), sent, error].filter(Boolean).join('\n')}>
      {t(`states.${shown}`)}
    </StatusDot>
  )
}
