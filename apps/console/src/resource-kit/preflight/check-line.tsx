import type { CheckView } from '@meshdeck/contract'
import { UNREAD } from '@meshdeck/mesh'
import { useTranslation } from 'react-i18next'
import type { StatusTone } from '../../components/status-dot.tsx'

const TONES: Record<CheckView['level'], StatusTone> = {
  ok: 'success',
  warning: 'warning',
  error: 'error',
  unknown: 'unknown',
}

/** One check: how it came out in a word, what was found, what it is about, and what to do about it. */
export function CheckLine({ check: { id, level, reason, params, items } }: { check: CheckView }) {
  const { t } = useTranslation('preflight')
  const unread = UNREAD.some((each) => each === reason)
  const direction = params?.['direction']
  const values = { ...params, ...(direction === undefined ? {} : { direction: t(`directions.${direction}`) }) }
  return (
    <li className={`md-status-${TONES[level]}`}>
      <span className="md-status-dot" aria-hidden="true" />
      <div>
        <p>
          <strong>{t(`names.${id}`)}</strong> <span className="md-muted">{t(`levels.${level}`)}</span>
          {' · '}
          <span>{unread ? t(`unread.${reason}`) : t(`findings.${id}.${reason}`, values)}</span>
        </p>
        {items !== undefined && items.length > 0 && (
          <ul className="md-check-items">
            {items.map((item) => (
              <li key={item}>
                <code>{item}</code>
              </li>
            ))}
          </ul>
        )}
        {level !== 'ok' && (
          <p className="md-muted">
            {t('cure')} {unread ? t(`unreadCures.${reason}`) : t(`cures.${id}.${reason}`, values)}
          </p>
        )}
      </div>
    </li>
  )
}
