import type { AdoptionView } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../../components/status-dot.tsx'
import { FieldChanges } from '../../resource-kit/field-changes.tsx'

/** What is taken over, part by part, with what would differ afterwards, and what stands in the way. */
export function AdoptPlan({ adoption }: { adoption: AdoptionView }) {
  const { t } = useTranslation('lifecycle')
  const { engine, version, namespace, revision, parts, obstacles, notes } = adoption
  return (
    <section className="md-card" aria-label={t('adopt.plan')}>
      <header>
        <h2>{t('adopt.plan')}</h2>
        <span className="md-muted">{t(`adopt.found.${engine}`, { version, namespace, revision })}</span>
      </header>
      <div className="md-card-body md-stack">
        {obstacles.map((each) => (
          <Alert key={each} type="error" showIcon title={t(`adopt.obstacles.${each}`)} />
        ))}
        {notes.map((each) => (
          <Alert key={each} type="warning" showIcon title={t(`adopt.notes.${each}`)} />
        ))}
        <ul className="md-affected" aria-label={t('adopt.parts')}>
          {parts.map(({ kind, chart, namespace: place, name, present, wanted, equal }) => (
            <li key={`${kind}/${place}/${name}`}>
              <StatusDot tone={equal ? 'success' : 'warning'}>
                {kind === 'HelmRelease' ? t('adopt.release', { chart }) : kind}{' '}
                {place === undefined ? name : `${place}/${name}`}: {t(equal ? 'adopt.equal' : 'adopt.differs')}
              </StatusDot>
              {!equal && <FieldChanges before={present} after={wanted} />}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
