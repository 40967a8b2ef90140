import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { LoadingState } from '../../components/states.tsx'
import { TlsSecretsPage } from './tls-secrets-page.tsx'

const CreateTlsSecretPage = lazy(() =>
  import('./create-tls-secret-page.tsx').then((module) => ({ default: module.CreateTlsSecretPage })),
)
const ReplaceTlsSecretPage = lazy(() =>
  import('./replace-tls-secret-page.tsx').then((module) => ({ default: module.ReplaceTlsSecretPage })),
)
const TlsSecretPage = lazy(() => import('./tls-secret-page.tsx').then((module) => ({ default: module.TlsSecretPage })))

/** `/meshes/:mesh/config/tls-secrets[/-create | /:namespace/:name[/-replace]]` */
export function TlsSecretsRoutes() {
  const { namespace, name, action }: { namespace?: string; name?: string; action?: string } = useParams({
    strict: false,
  })
  if (namespace === undefined || (name === undefined && namespace !== '-create')) return <TlsSecretsPage />
  return (
    <Suspense fallback={<LoadingState />}>
      {namespace === '-create' ? (
        <CreateTlsSecretPage />
      ) : action === '-replace' ? (
        <ReplaceTlsSecretPage />
      ) : (
        <TlsSecretPage />
      )}
    </Suspense>
  )
}
