import type { HistoryLimits } from '@meshdeck/kube'
import { DEFAULT_HISTORY_LIMITS, HISTORY_LIMIT_RANGES } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import InputNumber from 'antd/es/input-number'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../components/problem-text.tsx'
import { useFormat } from '../../lib/format.ts'
import { historyQueries } from '../../resource-kit/history-queries.ts'
import { WizardSection } from './wizard-field.tsx'

const LIMITS = ['perObject', 'total', 'maxBytes'] as const
type Limit = (typeof LIMITS)[number]
const BY_DEFAULT: HistoryLimits = {}

export interface HistoryFieldsProps {
  mesh: string
  value: HistoryLimits | undefined
  onChange: (value: HistoryLimits | undefined) => void
}

/** How much of the history is kept, and how much that is now. What is left empty is as it is by default. */
export function HistoryFields({ mesh, value = BY_DEFAULT, onChange }: HistoryFieldsProps) {
  const { t } = useTranslation('history-limits')
  const id = useId()
  const format = useFormat()
  const set = (limit: Limit, next: number | null) => {
    const { [limit]: _old, ...rest } = value
    const all = next === null ? rest : { ...rest, [limit]: next }
    onChange(Object.keys(all).length === 0 ? undefined : all)
  }
  return (
    <WizardSection title={t('title')} help={t('help')}>
      {LIMITS.map((limit) => {
        const [least, most] = HISTORY_LIMIT_RANGES[limit]
        const number = value[limit]
        const isWrong = number !== undefined && (!Number.isInteger(number) || number < least || number > most)
        return (
          <div key={limit} className="md-head-field">
            <label htmlFor={`${id}-${limit}`}>{t(`${limit}.label`)}</label>
            <InputNumber
              id={`${id}-${limit}`}
              value={number ?? null}
              placeholder={t('default', { value: DEFAULT_HISTORY_LIMITS[limit] })}
              status={isWrong ? 'error' : ''}
              aria-invalid={isWrong}
              aria-describedby={`${id}-${limit}-help`}
              onChange={(next) => set(limit, next)}
            />
            <div id={`${id}-${limit}-help`}>
              {isWrong && (
                <p className="md-fault" role="alert">
                  {t('range', { least, most })}
                </p>
              )}
              <p className="md-muted">
                {t(`${limit}.help`, { size: format.bytes(number ?? DEFAULT_HISTORY_LIMITS[limit]) })}
              </p>
            </div>
          </div>
        )
      })}
      <div className="md-head-wide">
        <KeptNow mesh={mesh} total={value.total ?? DEFAULT_HISTORY_LIMITS.total} />
      </div>
    </WizardSection>
  )
}

/** What is kept now, and whether that is too much by what is typed. */
function KeptNow({ mesh, total }: { mesh: string; total: number }) {
  const { t } = useTranslation('history-limits')
  const format = useFormat()
  const describe = useProblemText()
  const query = useQuery(historyQueries.kept(mesh))
  if (query.data === undefined)
    return query.isError ? <p className="md-muted">{t('unknown', { reason: describe(query.error).title })}</p> : null
  const { records, objects, bytes, oldest } = query.data
  if (oldest === undefined) return <p className="md-muted">{t('keptNone')}</p>
  return (
    <>
      <p>{t('kept', { count: records, objects, size: format.bytes(bytes), oldest: format.dateTime(oldest) })}</p>
      {records > total && (
        <p className="md-fault" role="status">
          {t('tooMany', { count: records - total })}
        </p>
      )}
    </>
  )
}
