import { wizardPaths, type MeshPlan, type PlannedHelmRelease, type PlannedManifest } from '@meshdeck/contract'
import type { HelmRelease, Mesh } from '@meshdeck/kube'
import { queryOptions, useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { DiffView } from '../../components/diff-view.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { api } from '../../lib/api.ts'
import { printYaml } from '../../resource-kit/draft.ts'
import { askedOnce } from '../../resource-kit/resource-queries.ts'

/** Asked of the clusters at each review; nothing is written. */
export const helmPlanQuery = (mesh: Mesh) =>
  queryOptions({
    queryKey: ['dry-run', 'helm', mesh] as const,
    queryFn: async ({ signal }) => (await api.post<MeshPlan>(wizardPaths.plan, mesh, { signal })).data,
    enabled: mesh.spec.engine === 'Helm',
    ...askedOnce,
  })

interface HelmPlanProps {
  mesh: Mesh
  releases: readonly { cluster: string; release: HelmRelease }[]
}

/** The Helm releases of a mesh: the command of each, and every object that it would make beside what is there. */
export function HelmPlan({ mesh, releases }: HelmPlanProps) {
  const { t } = useTranslation(['mesh-wizard', 'meshes'])
  const describe = useProblemText()
  const { data, error, isPending, isFetching, refetch } = useQuery(helmPlanQuery(mesh))
  const failure = error && describe(error)
  return (
    <>
      {data?.helm.ready === false && (
        <Alert type="warning" showIcon title={t('plan.noHelm')} description={data.helm.message} />
      )}
      {failure && (
        <Alert
          type="error"
          showIcon
          title={t('plan.failed')}
          description={failure.detail ?? failure.hint}
          action={
            <Button loading={isFetching} onClick={() => void refetch()}>
              {t('actions.retry')}
            </Button>
          }
        />
      )}
      {releases.map(({ cluster, release }) => (
        <section key={`${cluster} ${release.name}`} className="md-stack" aria-label={`Helm ${release.name}`}>
          <p>
            <strong>Helm {release.name}</strong>{' '}
            <span className="md-muted">{t('meshes:wizard.inCluster', { cluster })}</span>{' '}
            {isPending && <StatusDot tone="info">{t('plan.asking')}</StatusDot>}
          </p>
          <ReleasePlan plan={data?.releases.find((each) => each.cluster === cluster && each.name === release.name)} />
          <CommandBox title={t('meshes:wizard.follows')} command={commandOf(cluster, release, mesh)} />
        </section>
      ))}
    </>
  )
}

function commandOf(cluster: string, { name, namespace, chart, version, values }: HelmRelease, mesh: Mesh): string {
  const { charts } = mesh.spec.controlPlane
  const source =
    charts === undefined
      ? chart
      : charts.startsWith('oci:')
        ? `${charts.replace(/\/+$/, '')}/${chart}`
        : `${chart} --repo ${charts}`
  return `helm upgrade --install ${name} ${source} --version ${version} --namespace ${namespace} --kube-context ${cluster} --values - <<'EOF'\n${printYaml(values)}EOF`
}

const OUTCOMES: Readonly<Record<PlannedManifest['outcome'], StatusTone>> = {
  create: 'success',
  change: 'warning',
  same: 'unknown',
  later: 'info',
  refused: 'error',
  forbidden: 'warning',
}

function ReleasePlan({ plan }: { plan: PlannedHelmRelease | undefined }) {
  const { t } = useTranslation('mesh-wizard')
  const describe = useProblemText()
  if (plan === undefined) return null
  const { problem, refusal, revision = 1, objects } = plan
  if (problem !== undefined) {
    const { title, detail } = describe(asError(problem))
    return (
      <p role="alert" className="md-fault">
        {title} {detail}
      </p>
    )
  }
  if (refusal !== undefined) {
    return (
      <p role="alert" className="md-fault">
        {t('plan.refused', { words: refusal })}
      </p>
    )
  }
  return (
    <>
      <p>
        {t('plan.objects', { count: objects.length })}{' '}
        {revision > 1 && <span className="md-muted">{t('plan.revision', { revision })}</span>}
      </p>
      <ul className="md-affected">
        {objects.map((object) => (
          <ManifestRow key={`${object.apiVersion} ${object.kind} ${object.namespace} ${object.name}`} object={object} />
        ))}
      </ul>
    </>
  )
}

/** One object with its verdict; what it is like, and what differs, on demand. */
function ManifestRow({ object }: { object: PlannedManifest }) {
  const { t } = useTranslation('mesh-wizard')
  const [open, setOpen] = useState(false)
  const { kind, namespace, name, outcome, message, before, after } = object
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          {kind} {namespace === undefined ? name : `${namespace}/${name}`}
          <StatusDot tone={OUTCOMES[outcome]}>{t(`plan.outcomes.${outcome}`)}</StatusDot>
        </summary>
        {open && (
          <DiffView
            before={before === undefined ? '' : printYaml(before)}
            after={printYaml(after)}
            layout="unified"
            labels={{ before: t('plan.before'), after: t('plan.after') }}
          />
        )}
      </details>
      {message !== undefined && <p className="md-fault">{message}</p>}
    </li>
  )
}
