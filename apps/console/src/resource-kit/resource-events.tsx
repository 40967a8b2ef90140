import type { ResourceRef } from '@meshdeck/kube'
import { readPath } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../components/relative-time.tsx'
import { EmptyState, QueryView } from '../components/states.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { usePreferences } from '../lib/preferences.tsx'
import { resourceQueries } from './resource-queries.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Kubernetes events about an object. They are not watched, so they are asked for again now and then. */
export function ResourceEvents({ target }: { target: ResourceRef }) {
  const { t } = useTranslation('object')
  const [{ refreshSeconds }] = usePreferences()
  const query = useQuery({ ...resourceQueries.events(target), refetchInterval: refreshSeconds * 1000 || false })
  return (
    <section className="md-card">
      <QueryView query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title={t('events.none')}>{t('events.what')}</EmptyState>
          ) : (
            <table className="md-plain-table">
              <thead>
                <tr>
                  <th scope="col">{t('events.type')}</th>
                  <th scope="col">{t('events.reason')}</th>
                  <th scope="col">{t('events.message')}</th>
                  <th scope="col">{t('events.from')}</th>
                  <th scope="col">{t('events.last')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ resource }) => (
                  <tr key={resource.metadata.uid ?? resource.metadata.name}>
                    <td>
                      <StatusDot tone={resource['type'] === 'Warning' ? 'warning' : 'info'}>
                        {text(resource['type'])}
                      </StatusDot>
                    </td>
                    <td>{text(resource['reason'])}</td>
                    <td>{text(resource['message'])}</td>
                    <td>{text(resource['reportingComponent']) || text(readPath(resource, 'source.component'))}</td>
                    <td>
                      <RelativeTime
                        at={
                          text(resource['lastTimestamp']) ||
                          text(resource['eventTime']) ||
                          resource.metadata.creationTimestamp
                        }
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </QueryView>
    </section>
  )
}
