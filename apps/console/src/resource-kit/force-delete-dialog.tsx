import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { ConfirmNameDialog } from '../components/confirm-name-dialog.tsx'
import { useProblemText } from '../components/problem-text.tsx'
import { QueryView } from '../components/states.tsx'
import { saveText } from '../lib/save-text.ts'
import { Leftovers, leftoverScript } from './leftovers.tsx'
import { removalQuery, useForceDelete } from './mesh-life.ts'

export interface ForceDeleteDialogProps {
  mesh: string
  onClose: () => void
}

/** Takes a mesh off the hub without waiting for its clusters. What stays behind is listed, and kept as a file. */
export function ForceDeleteDialog({ mesh, onClose }: ForceDeleteDialogProps) {
  const { t } = useTranslation('lifecycle')
  const query = useQuery(removalQuery(mesh))
  const describe = useProblemText()
  const force = useForceDelete(mesh, t('force.done', { name: mesh }))
  const made = query.data?.made ?? []
  const save = () => saveText(`left-behind-${mesh}.sh`, leftoverScript(mesh, made, new Date()))
  const failure = force.error && describe(force.error)
  const handleConfirm = () => {
    save()
    force.mutate(undefined, { onSuccess: onClose })
  }
  return (
    <ConfirmNameDialog
      title={t('force.title', { name: mesh })}
      name={mesh}
      label={t('force.type', { name: mesh })}
      okText={t('force.ok')}
      running={force.isPending}
      // Whoever cannot see what stays behind must not leave it.
      disabled={query.data === undefined}
      onConfirm={handleConfirm}
      onClose={onClose}
    >
      <p>{t('force.what')}</p>
      <QueryView query={query}>
        {(removal) => (
          <div className="md-stack">
            {removal.made.map((each) => (
              <Leftovers key={each.cluster} leftovers={each} title={t('force.inCluster', { name: each.cluster })} />
            ))}
            <div className="md-buttons">
              <Button onClick={save}>{t('force.save')}</Button>
            </div>
          </div>
        )}
      </QueryView>
      <p>{t('force.kept')}</p>
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
    </ConfirmNameDialog>
  )
}
