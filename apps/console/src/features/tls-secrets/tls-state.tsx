import type { TlsSecretView, TlsState } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../components/relative-time.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'

const TONES: Readonly<Record<TlsState, StatusTone>> = {
  valid: 'success',
  soon: 'warning',
  expired: 'error',
  broken: 'error',
}

/** How long what a Secret holds is good for, in a word and by date, and why when it is of no use. */
export function TlsStateDot({ secret: { state, notAfter, faults } }: { secret: TlsSecretView }) {
  const { t } = useTranslation('tls-secrets')
  const format = useFormat()
  const now = useNow()
  const reason = faults.map(({ code, at }) => t(`faults.${code}`, { at: at ?? 1 })).join(' ')
  return (
    <>
      <StatusDot tone={TONES[state]} {...(reason === '' ? {} : { reason })}>
        {t(`states.${state}`)}
      </StatusDot>
      {notAfter !== undefined && (
        <div className="md-muted">
          {format.dateTime(notAfter)} · {format.relative(notAfter, now)}
        </div>
      )}
    </>
  )
}
