import type { TlsSecretUser } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'

/** The configuration that names a Secret, as links. */
export function TlsUsers({ users, none }: { users: readonly TlsSecretUser[]; none: string }) {
  const { t } = useTranslation(['tls-secrets', 'resources'])
  const { mesh } = useMeshScope()
  if (users.length === 0) return <span className="md-muted">{none}</span>
  return (
    <ul className="md-affected" aria-label={t('columns.users')}>
      {users.map((user) => (
        <li key={`${user.cluster} ${user.kind} ${user.namespace}/${user.name} ${user.path}`}>
          {t(`resources:kinds.${user.kind}.singular`)}{' '}
          <AppLink place={places.object(mesh, user)}>
            {user.namespace} / {user.name}
          </AppLink>{' '}
          <code>{user.path}</code>
          {user.refused && <StatusDot tone="error">{t('users.refused')}</StatusDot>}
        </li>
      ))}
    </ul>
  )
}
