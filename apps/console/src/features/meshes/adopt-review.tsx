import type { AdoptionView } from '@meshdeck/contract'
import { HUB, isRecord, MESHDECK_API_VERSION, type KubeResource } from '@meshdeck/kube'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { toYaml } from '../../resource-kit/draft.ts'
import { adoptionsQuery } from '../../resource-kit/mesh-life.ts'
import { askedOnce, invalidateKind, resourceWrites } from '../../resource-kit/resource-queries.ts'
import { AdoptPlan } from './adopt-plan.tsx'

export interface AdoptReviewProps {
  cluster: string
  /** Namespace of the istiod that is meant. */
  namespace: string
  name: string
  displayName?: string | undefined
  isProtected: boolean
  /** The external mesh that becomes one of ours; a new one is made without it. */
  base?: KubeResource | undefined
  onBack: () => void
  onDone: () => void
}

/** What taking an Istio over would do, tried by the hub, and the decision. */
export function AdoptReview(props: AdoptReviewProps) {
  const { t } = useTranslation('lifecycle')
  const query = useQuery(adoptionsQuery(props.cluster))
  return (
    <QueryView query={query}>
      {({ items, unread }) => {
        const adoption = items.find(({ namespace }) => namespace === props.namespace)
        if (adoption !== undefined) return <Decision {...props} adoption={adoption} />
        return (
          <section className="md-card">
            <EmptyState title={t('adopt.none.title')} action={<Back onBack={props.onBack} />}>
              {unread.length > 0
                ? t('adopt.none.unread', { kinds: unread.join(', '), cluster: props.cluster })
                : t('adopt.none.what', { namespace: props.namespace, cluster: props.cluster })}
            </EmptyState>
          </section>
        )
      }}
    </QueryView>
  )
}

function Back({ onBack }: { onBack: () => void }): ReactNode {
  const { t } = useTranslation()
  return <Button onClick={onBack}>{t('actions.back')}</Button>
}

function Decision({
  adoption,
  name,
  displayName,
  isProtected,
  base,
  onBack,
  onDone,
}: AdoptReviewProps & { adoption: AdoptionView }) {
  const { t } = useTranslation(['fleet', 'lifecycle'])
  const client = useQueryClient()
  const describe = useProblemText()
  const mesh = useMemo<KubeResource>(() => {
    const spec = isRecord(adoption.spec) ? adoption.spec : {}
    const more = {
      ...(displayName === undefined || displayName === '' ? {} : { displayName }),
      ...(isProtected ? { protected: true } : {}),
    }
    const frame = base ?? { apiVersion: MESHDECK_API_VERSION, kind: 'Mesh', metadata: { name } }
    return { ...frame, spec: { ...more, ...spec } }
  }, [adoption, base, name, displayName, isProtected])
  const write = (dryRun: boolean) =>
    base === undefined
      ? resourceWrites.create(HUB, 'Mesh', mesh, dryRun)
      : resourceWrites.replace({ cluster: HUB, kind: 'Mesh', name }, mesh, dryRun)
  const isPossible = adoption.obstacles.length === 0
  const dryRun = useQuery({
    queryKey: ['dry-run', HUB, 'Mesh', mesh] as const,
    queryFn: () => write(true),
    enabled: isPossible,
    ...askedOnce,
  })
  const take = useMutation({
    mutationFn: () => write(false),
    meta: { silent: true },
    onSuccess: () => {
      invalidateKind(client, HUB, 'Mesh')
      onDone()
    },
  })
  const error = take.error ?? dryRun.error
  const failure = error && describe(error)
  const { metadata, apiVersion, kind, spec } = mesh
  const shown = { apiVersion, kind, metadata: { name: metadata.name }, spec }
  return (
    <>
      <AdoptPlan adoption={adoption} />
      <section className="md-card" aria-label={t('lifecycle:adopt.record')}>
        <header>
          <h2>{t('lifecycle:adopt.record')}</h2>
          {isPossible && (
            <span className="md-push">
              {dryRun.isPending ? (
                <StatusDot tone="info">{t('meshes.create.dryRun.running')}</StatusDot>
              ) : dryRun.isError ? (
                <StatusDot tone="error">{t('meshes.create.dryRun.refused')}</StatusDot>
              ) : (
                <StatusDot tone="success">{t('meshes.create.dryRun.passed')}</StatusDot>
              )}
            </span>
          )}
        </header>
        <div className="md-card-body md-stack">
          <p>{t('lifecycle:adopt.what')}</p>
          {failure && <FailureAlert failure={failure} />}
          <CommandBox command={`kubectl apply --server-side -f - <<'EOF'\n${toYaml(shown)}EOF`} />
          <div className="md-buttons">
            <Back onBack={onBack} />
            <Button type="primary" disabled={!dryRun.isSuccess} loading={take.isPending} onClick={() => take.mutate()}>
              {t('lifecycle:adopt.ok')}
            </Button>
          </div>
        </div>
      </section>
    </>
  )
}
