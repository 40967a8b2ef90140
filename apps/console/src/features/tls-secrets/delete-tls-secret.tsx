import type { TlsSecretView } from '@meshdeck/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { ConfirmNameDialog } from '../../components/confirm-name-dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { kubectl } from '../../resource-kit/kubectl.ts'
import { ReasonField } from '../../resource-kit/reason-field.tsx'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'
import { tlsSecretWrites } from './queries.ts'
import { TlsUsers } from './tls-users.tsx'

export interface DeleteTlsSecretProps {
  secret: TlsSecretView
  /** Kinds that are not all seen: there may be more who use it. */
  hidden: readonly string[]
  onClose: (deleted: boolean) => void
}

/** Deletes a Secret: says first who uses it and would be without a certificate. */
export function DeleteTlsSecret({ secret, hidden, onClose }: DeleteTlsSecretProps) {
  const { t } = useTranslation('tls-secrets')
  const { mesh } = useMeshScope()
  const client = useQueryClient()
  const describe = useProblemText()
  const [reason, setReason] = useState('')
  const { cluster, namespace, name, users, resourceVersion } = secret
  const remove = useMutation({
    // Who uses it was shown, and the name was typed.
    mutationFn: () => tlsSecretWrites.delete(mesh, secret, { resourceVersion, force: users.length > 0, reason }),
    meta: { silent: true, success: t('delete.done', { name }) },
    onSuccess: () => {
      invalidateKind(client, cluster, 'Secret')
      onClose(true)
    },
  })
  const failure = remove.error && describe(remove.error)
  return (
    <ConfirmNameDialog
      title={t('delete.title', { name })}
      name={name}
      label={t('delete.type', { name })}
      okText={t('actions.delete')}
      running={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={() => onClose(false)}
    >
      {users.length > 0 ? (
        <Alert type="error" showIcon title={t('delete.inUse')} description={<TlsUsers users={users} none="" />} />
      ) : (
        <p>{t(hidden.length > 0 ? 'delete.unknownUse' : 'delete.unused', { kinds: hidden.join(', ') })}</p>
      )}
      <p>{t('delete.what')}</p>
      <ReasonField value={reason} onChange={setReason} disabled={remove.isPending} keptIn="lastState" />
      <CommandBox command={kubectl.delete([{ cluster, kind: 'Secret', namespace, name }])} />
      {failure && <FailureAlert failure={failure} />}
    </ConfirmNameDialog>
  )
}
