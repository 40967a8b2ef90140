import type { ConditionView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../components/relative-time.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { useStyle } from '../lib/use-style.ts'
import css from './resource-kit.css?inline'

const TONES = { True: 'success', False: 'error', Unknown: 'unknown' } as const

/** What the controller found, point by point, in its own words. */
export function ConditionsTable({ conditions, label }: { conditions: readonly ConditionView[]; label: string }) {
  useStyle(css)
  const { t } = useTranslation('fleet')
  if (conditions.length === 0) return <p className="md-muted">{t('conditions.none')}</p>
  return (
    <table className="md-plain-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('conditions.type')}</th>
          <th scope="col">{t('conditions.status')}</th>
          <th scope="col">{t('conditions.message')}</th>
          <th scope="col">{t('conditions.since')}</th>
        </tr>
      </thead>
      <tbody>
        {conditions.map(({ type, status, reason, message, lastTransitionTime }) => (
          <tr key={type}>
            <th scope="row">{t([`conditions.${type}.name`, 'conditions.other'], { type })}</th>
            <td>
              <StatusDot tone={TONES[status]}>{t(`conditions.${type}.${status}`, { defaultValue: reason })}</StatusDot>
            </td>
            <td>{message}</td>
            <td>
              <RelativeTime at={lastTransitionTime} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
