import { HUB, type ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { problemOf } from '../../components/problem-text.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { serviceLevelPlaces } from '../../lib/service-level-places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { DeleteDialog } from '../../resource-kit/delete-dialog.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { serviceLevelQueries } from '../../resource-kit/service-level-queries.ts'
import { ServiceLevelState } from '../../resource-kit/service-level-state.tsx'
import { LevelView } from './level-view.tsx'
import css from './service-levels.css?inline'

/** One promise: what it is, how it is kept, what would tell somebody, and the rules for it. */
export function ServiceLevelPage({ name }: { name: string }) {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const [{ refreshSeconds }] = usePreferences()
  const ref: ResourceRef = { cluster: HUB, kind: 'ServiceLevel', name }
  const query = useQuery(serviceLevelQueries.detail(mesh, name, refreshSeconds))
  const mayEdit = useCan('update', 'ServiceLevel', ref).allowed
  const mayDelete = useCan('delete', 'ServiceLevel', ref).allowed
  const [deleting, setDeleting] = useState(false)
  const object = useQuery({ ...resourceQueries.detail(ref), enabled: deleting })
  const gone = query.isError && problemOf(query.error).code === 'not-found'
  const handleClose = (deleted: boolean) => {
    setDeleting(false)
    if (deleted) void navigate(serviceLevelPlaces.list(mesh))
  }
  const service = query.data?.level.service
  return (
    <Page
      title={name}
      description={query.data?.level.description}
      aside={query.data && <ServiceLevelState level={query.data.level} />}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={
        service && (
          <>
            <AppLink place={places.service(mesh, service.namespace, service.name)}>{t('toService')}</AppLink>
            <AppLink place={places.monitoring(mesh, 'services', { namespace: service.namespace, name: service.name })}>
              {t('toMonitoring')}
            </AppLink>
            {mayDelete && (
              <Button danger onClick={() => setDeleting(true)}>
                {t('common:actions.delete')}
              </Button>
            )}
            {mayEdit && (
              <Button type="primary" onClick={() => void navigate(serviceLevelPlaces.edit(mesh, name))}>
                {t('common:actions.edit')}
              </Button>
            )}
          </>
        )
      }
    >
      {gone ? (
        <EmptyState
          title={t('gone', { name })}
          action={<AppLink place={serviceLevelPlaces.list(mesh)}>{t('toList')}</AppLink>}
        />
      ) : (
        <QueryView query={query}>{(detail) => <LevelView detail={detail} />}</QueryView>
      )}
      {deleting && object.data && (
        <DeleteDialog kind="ServiceLevel" objects={[{ ref, resource: object.data }]} onClose={handleClose} />
      )}
    </Page>
  )
}
