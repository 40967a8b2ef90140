import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { ConfirmNameDialog } from '../../components/confirm-name-dialog.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { memberQueries, useSetMembers } from './members-queries.ts'

export interface EvictDialogProps {
  mesh: string
  cluster: string
  onClose: () => void
}

/** Lets a member go: what was made there for the mesh is taken away by the controller; what depends on it is told first. */
export function EvictDialog({ mesh, cluster, onClose }: EvictDialogProps) {
  const { t } = useTranslation('clusters')
  const sidecars = useQuery(memberQueries.sidecars(mesh, cluster))
  const set = useSetMembers(mesh)
  const describe = useProblemText()
  const failure = set.error && describe(set.error)
  return (
    <ConfirmNameDialog
      title={t('evict.title', { cluster, mesh })}
      name={cluster}
      label={t('evict.type', { name: cluster })}
      okText={t('evict.ok')}
      running={set.isPending}
      onConfirm={() =>
        set.mutate((members) => members.filter((each) => each.cluster !== cluster), { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <p>{t('evict.what')}</p>
      <ul className="md-affected" aria-label={t('evict.affected')}>
        <li>
          {sidecars.data === undefined
            ? t(sidecars.isError ? 'evict.unknown' : 'evict.counting')
            : t('evict.sidecars', { count: sidecars.data.pods })}
        </li>
        {sidecars.data !== undefined && sidecars.data.namespaces > 0 && (
          <li>{t('evict.namespaces', { count: sidecars.data.namespaces })}</li>
        )}
      </ul>
      <CommandBox command={`kubectl edit mesh.meshdeck.io ${mesh}   # spec.members: remove ${cluster}`} />
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
    </ConfirmNameDialog>
  )
}
