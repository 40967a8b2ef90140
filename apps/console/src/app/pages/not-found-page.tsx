import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { places } from '../../lib/places.ts'

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('states.notFound.title')}>
      <EmptyState
        title={t('states.notFound.what')}
        action={<AppLink place={places.meshes()}>{t('states.toMeshes')}</AppLink>}
      >
        {t('states.notFound.hint')}
      </EmptyState>
    </Page>
  )
}
