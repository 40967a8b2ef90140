import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/format.ts'
import { useChangeWords } from './change-words.ts'
import { timeOf, type ChangeGroup } from './group-changes.ts'

export interface ChangeMarksProps {
  groups: readonly ChangeGroup[]
  /** The moment that is shown, in unix seconds: its mark is the current one. */
  at: number
  onMoment: (at: number) => void
}

/** So many changes of a mark are named; the line below has the rest. */
const NAMED = 5

/** What was changed of the configuration, as points on the time line; each leads to the moment from which it is in force. */
export function ChangeMarks({ groups, at, onMoment }: ChangeMarksProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const words = useChangeWords()
  if (groups.length === 0) return null
  return (
    <ul className="md-topology-marks" aria-label={t('changes.marks')}>
      {groups.map(({ entries, place, moment }) => {
        const [first] = entries
        if (first === undefined) return null
        const last = entries.at(-1) ?? first
        const label =
          entries.length === 1
            ? words(first)
            : t('changes.several', {
                count: entries.length,
                from: format.time(timeOf(first) * 1000),
                to: format.time(timeOf(last) * 1000),
              })
        const lines = entries.slice(0, NAMED).map((entry) => <div key={entry.id}>{words(entry)}</div>)
        return (
          <li key={first.id} style={{ insetInlineStart: `${place * 100}%` }}>
            <Tooltip title={entries.length === 1 ? label : lines}>
              <button
                type="button"
                aria-label={label}
                aria-current={moment === at ? 'time' : undefined}
                onClick={() => onMoment(moment)}
              >
                {entries.length > 1 && format.number(entries.length)}
              </button>
            </Tooltip>
          </li>
        )
      })}
    </ul>
  )
}
