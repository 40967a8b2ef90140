import { useParams } from '@tanstack/react-router'
import { EditClusterPage } from '../../features/clusters/edit-cluster-page.tsx'
import { RenewCredentialPage } from '../../features/clusters/renew-credential-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'

/** Forms of one cluster, at `/clusters/:cluster/-edit` and `/-renew`. They load together: the shell pays for each route. */
export function ClusterFormPage() {
  const { form = '' }: { form?: string } = useParams({ strict: false })
  if (form === '-edit') return <EditClusterPage />
  return form === '-renew' ? <RenewCredentialPage /> : <NotFoundPage />
}
