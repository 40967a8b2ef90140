import type { LocalitySetting, OutlierDetection } from '@meshdeck/kube'
import { isSame, localityFaults } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { useStyle } from '../../lib/use-style.ts'
import {
  fromSetting,
  LOCALITY_KINDS,
  toSetting,
  withKind,
  withMove,
  withShare,
  type LocalityDraft,
} from './locality-draft.ts'
import { localitiesQuery, placesIn } from './locality-queries.ts'
import { MoveRow, ShareRow } from './locality-rows.tsx'
import { OutlierFields } from './outlier-fields.tsx'
import { AddButton } from './row-buttons.tsx'
import css from './wizard.css?inline'

export interface LocalityTraffic {
  locality?: LocalitySetting
  outlierDetection?: OutlierDetection
}

interface LocalityFieldsProps {
  value: LocalityTraffic
  onChange: (value: LocalityTraffic) => void
  /** Whose regions and zones are offered. */
  clusters: readonly string[]
  /** Whether what is wrong is said already. */
  showsFaults: boolean
}

/** Where traffic goes that could stay near: by shares, or only when what is near fails. */
export function LocalityFields({ value, onChange, clusters, showsFaults }: LocalityFieldsProps) {
  useStyle(css)
  const { t } = useTranslation(['mesh-wizard', 'forms'])
  const id = useId()
  const { locality, outlierDetection } = value
  const [typed, setTyped] = useState(() => fromSetting(locality))
  // What was typed has rows that a setting cannot have; another setting than the one typed comes from elsewhere.
  const draft = isSame(toSetting(typed), locality) ? typed : fromSetting(locality)
  const change = (next: LocalityDraft) => {
    setTyped(next)
    const setting = toSetting(next)
    onChange({ ...(setting === undefined ? {} : { locality: setting }), ...(outlierDetection && { outlierDetection }) })
  }
  const known = useQuery(localitiesQuery())
  const { regions, places } = placesIn(known.data ?? { items: [] }, clusters)
  const faults = showsFaults ? localityFaults(toSetting(draft), 'locality') : []
  const faultOf = (field: string): string | undefined => {
    const found = faults.find((fault) => fault.field === `locality.${field}`)
    return found && t(`forms:rules.${found.code}`)
  }
  const { shares, moves } = draft
  return (
    <section className="md-card">
      <header>
        <h2>{t('locality.title')}</h2>
        <span className="md-muted">{t('locality.help')}</span>
      </header>
      <div className="md-card-body md-stack">
        <fieldset className="md-choices">
          <legend className="md-visually-hidden">{t('locality.title')}</legend>
          {LOCALITY_KINDS.map((kind) => (
            <label key={kind} className="md-choice">
              <input
                type="radio"
                name={`${id}-kind`}
                checked={draft.kind === kind}
                onChange={() => change(withKind(draft, kind))}
              />
              <strong>{t(`locality.kinds.${kind}.name`)}</strong>
              <span className="md-muted">{t(`locality.kinds.${kind}.what`)}</span>
            </label>
          ))}
        </fieldset>
        {(draft.kind === 'distribute' || draft.kind === 'failover') && <KnownPlaces clusters={clusters} />}
        {draft.kind === 'distribute' && (
          <>
            {shares.map((share, index) => (
              <ShareRow
                // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
                key={index}
                number={index + 1}
                share={share}
                places={places}
                fromFault={faultOf(`distribute[${index}].from`)}
                toFault={faultOf(`distribute[${index}].to`)}
                onChange={(next) => change({ ...draft, shares: shares.with(index, next) })}
                {...(shares.length > 1 && {
                  onRemove: () => change({ ...draft, shares: shares.toSpliced(index, 1) }),
                })}
              />
            ))}
            <AddButton onClick={() => change(withShare(draft))}>{t('locality.addShare')}</AddButton>
          </>
        )}
        {draft.kind === 'failover' && (
          <>
            {moves.map((move, index) => (
              <MoveRow
                // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
                key={index}
                number={index + 1}
                move={move}
                regions={regions}
                fromFault={faultOf(`failover[${index}].from`)}
                toFault={faultOf(`failover[${index}].to`)}
                onChange={(next) => change({ ...draft, moves: moves.with(index, next) })}
                {...(moves.length > 1 && { onRemove: () => change({ ...draft, moves: moves.toSpliced(index, 1) }) })}
              />
            ))}
            <AddButton onClick={() => change(withMove(draft))}>{t('locality.addMove')}</AddButton>
          </>
        )}
        {draft.kind !== 'off' && (
          <OutlierFields
            value={outlierDetection}
            isNeeded={draft.kind === 'failover'}
            showsFaults={showsFaults}
            onChange={(next) => onChange({ ...(locality && { locality }), ...(next && { outlierDetection: next }) })}
          />
        )}
      </div>
    </section>
  )
}

/** Whether there are regions to choose from, and why not. What is not known can be typed. */
function KnownPlaces({ clusters }: { clusters: readonly string[] }) {
  const { t } = useTranslation('mesh-wizard')
  const describe = useProblemText()
  const { data, error, isPending } = useQuery(localitiesQuery())
  if (isPending) return <p role="status">{t('locality.loading')}</p>
  if (data === undefined) {
    return (
      <Alert
        type="warning"
        showIcon
        title={t('locality.unknown')}
        description={describe(error).detail ?? describe(error).title}
      />
    )
  }
  const unread = data.failures.filter(({ cluster }) => clusters.includes(cluster))
  const { regions } = placesIn(data, clusters)
  return (
    <>
      {unread.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('locality.unread', { clusters: unread.map(({ cluster }) => cluster).join(', ') })}
          description={unread[0] && describe(asError(unread[0].problem)).detail}
        />
      )}
      <p className="md-muted">
        {regions.length === 0 ? t('locality.none') : t('locality.known', { regions: regions.join(', ') })}
      </p>
    </>
  )
}
