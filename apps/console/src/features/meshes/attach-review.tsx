import { HUB } from '@meshdeck/kube'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { toYaml } from '../../resource-kit/draft.ts'
import { askedOnce, invalidateKind, resourceWrites } from '../../resource-kit/resource-queries.ts'
import { toMesh, type MeshDraft } from './mesh-draft.ts'

export interface AttachReviewProps {
  draft: MeshDraft
  onBack: () => void
  onCreated: () => void
}

/** Second step: the record as it will be written, and what the hub's API server says of it beforehand. */
export function AttachReview({ draft, onBack, onCreated }: AttachReviewProps) {
  const { t } = useTranslation('fleet')
  const client = useQueryClient()
  const describe = useProblemText()
  const mesh = useMemo(() => toMesh(draft), [draft])
  const dryRun = useQuery({
    queryKey: ['dry-run', HUB, 'Mesh', mesh] as const,
    queryFn: () => resourceWrites.create(HUB, 'Mesh', mesh, true),
    ...askedOnce,
  })
  const create = useMutation({
    mutationFn: () => resourceWrites.create(HUB, 'Mesh', mesh),
    meta: { silent: true },
    onSuccess: () => {
      invalidateKind(client, HUB, 'Mesh')
      onCreated()
    },
  })
  const error = create.error ?? dryRun.error
  const failure = error && describe(error)
  return (
    <section className="md-card">
      <header>
        <h2>{t('meshes.create.steps.review')}</h2>
        <span className="md-push">
          {dryRun.isPending ? (
            <StatusDot tone="info">{t('meshes.create.dryRun.running')}</StatusDot>
          ) : dryRun.isError ? (
            <StatusDot tone="error">{t('meshes.create.dryRun.refused')}</StatusDot>
          ) : (
            <StatusDot tone="success">{t('meshes.create.dryRun.passed')}</StatusDot>
          )}
        </span>
      </header>
      <div className="md-card-body md-stack">
        <p>{t('meshes.create.reviewWhat')}</p>
        {failure && <FailureAlert failure={failure} />}
        {dryRun.data?.warnings.map((warning) => (
          <Alert key={warning} type="warning" showIcon title={warning} />
        ))}
        <CommandBox command={`kubectl apply -f - <<'EOF'\n${toYaml(mesh)}EOF`} />
        <div className="md-buttons">
          <Button onClick={onBack}>{t('actions.back')}</Button>
          <Button
            type="primary"
            disabled={!dryRun.isSuccess}
            loading={create.isPending}
            onClick={() => create.mutate()}
          >
            {t('meshes.attach')}
          </Button>
        </div>
      </div>
    </section>
  )
}
