import { useTranslation } from 'react-i18next'
import { stringify } from 'yaml'
import { fieldChanges, printFieldPath } from '@meshdeck/mesh'

const print = (value: unknown): string =>
  typeof value === 'object' && value !== null ? stringify(value, { lineWidth: 0 }).trimEnd() : String(value)

/** The differences as a list of fields, for those who read rather than compare. */
export function FieldChanges({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useTranslation('editor')
  const changes = fieldChanges(before ?? {}, after)
  if (changes.length === 0) return <p>{t('review.noChange')}</p>
  return (
    <table className="md-field-changes">
      <thead>
        <tr>
          <th scope="col">{t('review.field')}</th>
          <th scope="col">{t('review.was')}</th>
          <th scope="col">{t('review.becomes')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before: was, after: becomes }) => (
          <tr key={printFieldPath(path)}>
            <th scope="row">
              <code>{printFieldPath(path)}</code>
            </th>
            <td>{was === undefined ? '–' : <pre className="md-removed">{print(was)}</pre>}</td>
            <td>
              {becomes === undefined ? <em>{t('review.gone')}</em> : <pre className="md-added">{print(becomes)}</pre>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
