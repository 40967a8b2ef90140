import type { ExploreAnswer } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'

/** Series with their labels in columns, and their value at the end of the time. */
export function ExploreTable({ series }: Pick<ExploreAnswer, 'series'>) {
  const { t } = useTranslation('monitoring')
  const labels = [...new Set(series.flatMap((each) => Object.keys(each.labels)))].toSorted()
  const withCluster = series.some(({ cluster }) => cluster !== undefined)
  return (
    <div className="md-panel-rows md-panel-whole" role="region" aria-label={t('explore.table')}>
      <table className="md-plain-table">
        <thead>
          <tr>
            {labels.map((label) => (
              <th key={label} scope="col">
                <code>{label}</code>
              </th>
            ))}
            {withCluster && <th scope="col">{t('glossary:cluster')}</th>}
            <th scope="col">{t('columns.latest')}</th>
          </tr>
        </thead>
        <tbody>
          {series.map((each) => (
            <tr key={JSON.stringify([each.cluster, each.labels])}>
              {labels.map((label) => (
                <td key={label}>{each.labels[label]}</td>
              ))}
              {withCluster && <td>{each.cluster}</td>}
              <td>{each.points.at(-1)?.[1] ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
