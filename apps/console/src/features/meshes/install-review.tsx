import { HUB, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import { renderMember } from '@meshdeck/mesh'
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { ApiError } from '../../lib/api.ts'
import { toYaml } from '../../resource-kit/draft.ts'
import { invalidateKind, resourceWrites } from '../../resource-kit/resource-queries.ts'

interface Planned {
  cluster: string
  kind: KindId
  object: KubeResource
}

/** The record and all that follows from it, each as the API server that will get it judges it now. Nothing is written. */
export function useDedicatedReview(mesh: Mesh, network: string | undefined, onCreated: () => void) {
  const client = useQueryClient()
  const planned = useMemo((): Planned[] => {
    const { cluster } = mesh.spec.controlPlane
    const member = { cluster, ...(network === undefined ? {} : { network }) }
    return [
      { cluster: HUB, kind: 'Mesh', object: mesh },
      ...renderMember(mesh, member).map(({ kind, object }) => ({ cluster, kind, object })),
    ]
  }, [mesh, network])
  const checks = useQueries({
    queries: planned.map(({ cluster, kind, object }) => ({
      queryKey: ['dry-run', cluster, kind, object] as const,
      queryFn: () => resourceWrites.create(cluster, kind, object, true),
      retry: false,
      gcTime: 0,
      staleTime: Number.POSITIVE_INFINITY,
    })),
  })
  const create = useMutation({
    mutationFn: () => resourceWrites.create(HUB, 'Mesh', mesh),
    meta: { silent: true },
    onSuccess: () => {
      invalidateKind(client, HUB, 'Mesh')
      onCreated()
    },
  })
  const rows = planned.map((each, index) => {
    const check = checks[index]
    const isThere = each.kind === 'Namespace' && isConflict(check?.error)
    return { ...each, isThere, pending: check?.isPending ?? true, error: isThere ? undefined : check?.error }
  })
  // What the person may not do in the cluster the controller may; what the hub says is final.
  const ready = rows.every(
    ({ pending, error, cluster }) => !pending && (!error || (cluster !== HUB && isForbidden(error))),
  )
  return { rows, ready, create }
}

const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409
const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403

export type DedicatedReviewState = ReturnType<typeof useDedicatedReview>

export function DedicatedReview({ review: { rows, create } }: { review: DedicatedReviewState }) {
  const { t } = useTranslation(['meshes', 'fleet'])
  const describe = useProblemText()
  const failure = create.error && describe(create.error)
  return (
    <section className="md-card">
      <header>
        <h2>{t('wizard.steps.review')}</h2>
        <span className="md-muted">{t('wizard.reviewWhat')}</span>
      </header>
      <div className="md-card-body md-stack">
        {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
        {rows.map(({ cluster, kind, object, isThere, pending, error }) => {
          const problem = error && describe(error)
          const yaml = toYaml(object)
          return (
            <div key={`${kind} ${object.metadata.name}`} className="md-stack">
              <p>
                <strong>
                  {kind} {object.metadata.name}
                </strong>{' '}
                <span className="md-muted">
                  {cluster === HUB ? t('wizard.onHub') : t('wizard.inCluster', { cluster })}
                </span>{' '}
                {pending ? (
                  <StatusDot tone="info">{t('wizard.dryRun.running')}</StatusDot>
                ) : problem ? (
                  <StatusDot tone={isForbidden(error) ? 'warning' : 'error'}>
                    {t(isForbidden(error) ? 'wizard.dryRun.forbidden' : 'wizard.dryRun.refused')}
                  </StatusDot>
                ) : (
                  <StatusDot tone="success">
                    {t(isThere ? 'wizard.dryRun.there' : 'fleet:meshes.create.dryRun.passed')}
                  </StatusDot>
                )}
              </p>
              {problem && (
                <p className="md-fault" role="alert">
                  {[problem.title, problem.detail].filter(Boolean).join(': ')}
                </p>
              )}
              <CommandBox
                title={cluster === HUB ? t('wizard.byCommand') : t('wizard.follows')}
                command={cluster === HUB ? `kubectl apply -f - <<'EOF'\n${yaml}EOF` : yaml}
              />
            </div>
          )
        })}
      </div>
    </section>
  )
}
