import type { ClusterView } from '@meshdeck/contract'
import { HUB, kindOf, type HelmRelease, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import { isRelease, planMesh } from '@meshdeck/mesh'
import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { ApiError } from '../../lib/api.ts'
import { toYaml } from '../../resource-kit/draft.ts'
import { askedOnce, invalidateKind, resourceWrites } from '../../resource-kit/resource-queries.ts'
import { HelmPlan } from './helm-plan.tsx'

interface PlannedRow {
  cluster: string
  kind: KindId
  object: KubeResource
}

interface ReleaseRow {
  cluster: string
  release: HelmRelease
}

/** All that follows from the record, in every cluster. What holds a secret is made by the controller and not shown. */
function planOf(mesh: Mesh, clusters: readonly ClusterView[]): { objects: PlannedRow[]; releases: ReleaseRow[] } {
  const clusterNamed = (name: string) => clusters.find((cluster) => cluster.name === name)
  const planned = planMesh(
    mesh,
    (name) => clusterNamed(name)?.network,
    (name) => clusterNamed(name)?.platform,
  ).flatMap(({ cluster, planned: parts }) => parts.map((each) => ({ ...each, cluster })))
  return {
    objects: [
      { cluster: HUB, kind: 'Mesh', object: mesh },
      ...planned.flatMap((each) => (isRelease(each) ? [] : [each])),
    ],
    releases: planned.flatMap((each) => (isRelease(each) ? [each] : [])),
  }
}

/** The record and all that follows from it, each as the API server that will get it judges it now. Nothing is written. */
export function useInstallReview(mesh: Mesh, clusters: readonly ClusterView[], onCreated: () => void) {
  const client = useQueryClient()
  const { objects: planned, releases } = useMemo(() => planOf(mesh, clusters), [mesh, clusters])
  const checks = useQueries({
    queries: planned.map(({ cluster, kind, object }) => ({
      queryKey: ['dry-run', cluster, kind, object] as const,
      queryFn: () => resourceWrites.create(cluster, kind, object, true),
      enabled: isCheckable(kind),
      ...askedOnce,
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
    // Its namespace, or its kind, comes with the steps before it.
    const isLater = !isCheckable(each.kind) || (each.cluster !== HUB && isNotFound(check?.error))
    return {
      ...each,
      isThere,
      isLater,
      pending: isCheckable(each.kind) && (check?.isPending ?? true),
      error: isThere || isLater ? undefined : check?.error,
    }
  })
  // What the person may not do in the cluster the controller may; what the hub says is final.
  const ready = rows.every(
    ({ pending, error, cluster }) => !pending && (!error || (cluster !== HUB && isForbidden(error))),
  )
  return { mesh, rows, releases, ready, create }
}

/** People write no accounts and Secrets through the console, so it cannot ask for them either. */
const isCheckable = (kind: KindId): boolean => kindOf(kind).access === 'full'
const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409
const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404
const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403

export type InstallReviewState = ReturnType<typeof useInstallReview>

export function InstallReview({ review: { mesh, rows, releases, create } }: { review: InstallReviewState }) {
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
        {rows.map(({ cluster, kind, object, isThere, isLater, pending, error }) => {
          const problem = error && describe(error)
          const yaml = toYaml(object)
          return (
            <div key={`${cluster} ${kind} ${object.metadata.name}`} className="md-stack">
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
                  <StatusDot tone={isLater ? 'info' : 'success'}>
                    {t(
                      isThere
                        ? 'wizard.dryRun.there'
                        : isLater
                          ? 'wizard.dryRun.later'
                          : 'fleet:meshes.create.dryRun.passed',
                    )}
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
                command={`kubectl ${cluster === HUB ? '' : `--context ${cluster} `}apply -f - <<'EOF'\n${yaml}EOF`}
              />
            </div>
          )
        })}
        {releases.length > 0 && <HelmPlan mesh={mesh} releases={releases} />}
      </div>
    </section>
  )
}
