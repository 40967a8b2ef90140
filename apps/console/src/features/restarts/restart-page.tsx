import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { restartPlaces } from '../../lib/restart-places.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { RestartProgress } from '../../resource-kit/restart-progress.tsx'

/** One restart: who is where in it, and pause, go on, stop. */
export function RestartPage() {
  useStyle(kitCss)
  const { t } = useTranslation('restarts')
  const { mesh } = useMeshScope()
  const { name = '' }: { name?: string } = useParams({ strict: false })
  return (
    <Page
      title={t('titleOne', { name })}
      description={t('what')}
      actions={<AppLink place={restartPlaces.list(mesh)}>{t('all')}</AppLink>}
    >
      <RestartProgress name={name} />
    </Page>
  )
}
