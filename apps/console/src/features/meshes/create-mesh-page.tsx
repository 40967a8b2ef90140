import type { ClusterView, MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { StepTrail } from '../../components/step-trail.tsx'
import { EmptyState, LoadingState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { AdoptReview } from './adopt-review.tsx'
import { AttachForm } from './attach-form.tsx'
import { AttachReview } from './attach-review.tsx'
import { WIZARD_STEPS } from './install-draft.ts'
import { draftProblems, EMPTY_DRAFT } from './mesh-draft.ts'
import { MeshProgress } from './mesh-progress.tsx'
import css from './meshes.css?inline'

// Of one chunk with this page, which has all of its parts: each chunk more is named in what every page loads.
export { AdoptMeshPage } from './adopt-mesh-page.tsx'

const InstallWizard = lazy(() => import('./install-wizard.tsx').then((module) => ({ default: module.InstallWizard })))

const STEPS = ['basics', 'review', 'progress'] as const
const DOCS = 'https://istio.io/latest/docs/ops/deployment/deployment-models/'
const schema = searchSchema({
  mode: param.oneOf(['external', 'managed', 'dedicated'], 'external'),
  /** Name of the mesh that was attached: a reload shows its progress again instead of an empty form. */
  attached: param.text(),
})

/** Attaches an Istio that runs already: choose it, review the record that is written, watch it come up. */
export function CreateMeshPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation(['fleet', 'meshes'])
  const navigate = useNavigate()
  const [{ mode, attached }, setSearch] = usePageSearch(schema)
  const { allowed, pending } = useCan('create', 'Mesh', { cluster: HUB })
  const clusters = useQuery(clusterQueries.list())
  const meshes = useQuery(meshQueries.list())
  if (attached !== '') {
    return (
      <WizardPage step="progress" mode={mode}>
        <MeshProgress name={attached} />
      </WizardPage>
    )
  }
  if (!allowed && !pending) {
    return (
      <Notice>
        <MissingRight verb="create" kind="Mesh" cluster={HUB} />
      </Notice>
    )
  }
  if (clusters.data === undefined) {
    return (
      <Notice>
        <QueryView query={clusters}>{() => null}</QueryView>
      </Notice>
    )
  }
  if (clusters.data.items.length === 0) {
    return (
      <Notice>
        <EmptyState
          title={t('meshes.create.noClusters.title')}
          action={
            <Button type="primary" onClick={() => void navigate(places.joinCluster())}>
              {t('clusters.join')}
            </Button>
          }
        >
          {t('meshes.create.noClusters.what')}
        </EmptyState>
      </Notice>
    )
  }
  if (mode !== 'external') {
    return (
      <Suspense fallback={<LoadingState />}>
        <InstallWizard
          mode={mode === 'managed' ? 'Managed' : 'Dedicated'}
          clusters={clusters.data.items}
          meshes={meshes.data?.items ?? []}
          failures={clusters.data.failures}
          onCreated={(name) => setSearch({ attached: name }, { replace: true })}
        />
      </Suspense>
    )
  }
  return (
    <Wizard
      clusters={clusters.data.items}
      meshes={meshes.data?.items ?? []}
      failures={clusters.data.failures}
      onAttached={(name) => setSearch({ attached: name }, { replace: true })}
    />
  )
}

/** The page when there is nothing to fill in, and why. */
function Notice({ children }: { children: ReactNode }) {
  const { t } = useTranslation('fleet')
  return (
    <Page title={t('meshes.create.title')}>
      <section className="md-card">{children}</section>
    </Page>
  )
}

interface WizardPageProps {
  step: (typeof STEPS)[number]
  mode?: string
  failures?: Parameters<typeof Page>[0]['failures']
  actions?: ReactNode
  children: ReactNode
}

function WizardPage({ step, mode, ...rest }: WizardPageProps) {
  const { t } = useTranslation(['fleet', 'meshes'])
  const made = mode === 'dedicated' || mode === 'managed'
  const steps = [
    ...(made ? WIZARD_STEPS.map((id) => ({ id: `made-${id}`, label: t(`meshes:wizard.steps.${id}`) })) : []),
    ...STEPS.filter((id) => !made || id === 'progress').map((id) => ({ id, label: t(`meshes.create.steps.${id}`) })),
  ]
  return (
    <Page
      title={made ? t('meshes:wizard.title') : t('meshes.create.title')}
      description={made ? t('meshes:wizard.what') : t('meshes.create.what')}
      docs={DOCS}
      aside={<StepTrail current={step} steps={steps} />}
      {...rest}
    />
  )
}

interface WizardProps {
  clusters: readonly ClusterView[]
  meshes: readonly MeshView[]
  failures: WizardPageProps['failures']
  onAttached: (name: string) => void
}

function Wizard({ clusters, meshes, failures, onAttached }: WizardProps) {
  const { t } = useTranslation('fleet')
  const navigate = useNavigate()
  const [step, setStep] = useState<'basics' | 'review'>('basics')
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const [shown, setShown] = useState(false)
  const problems = draftProblems(
    draft,
    meshes.map(({ name }) => name),
  )
  const handleNext = () => {
    setShown(true)
    if (Object.keys(problems).length === 0) setStep('review')
  }
  return (
    <WizardPage
      step={step}
      failures={failures}
      actions={
        step === 'basics' && (
          <>
            <Button onClick={() => void navigate(places.meshes())}>{t('actions.cancel')}</Button>
            <Button type="primary" onClick={handleNext}>
              {t('meshes.create.toReview')}
            </Button>
          </>
        )
      }
    >
      <LeaveGuard dirty={draft !== EMPTY_DRAFT} />
      {step === 'basics' ? (
        <AttachForm
          draft={draft}
          onChange={setDraft}
          clusters={clusters}
          meshes={meshes}
          problems={shown ? problems : {}}
        />
      ) : draft.takeOver && draft.controlPlane !== undefined ? (
        <AdoptReview
          cluster={draft.controlPlane.cluster}
          namespace={draft.controlPlane.istio.namespace}
          name={draft.name}
          displayName={draft.displayName.trim()}
          isProtected={draft.protect}
          onBack={() => setStep('basics')}
          onDone={() => onAttached(draft.name)}
        />
      ) : (
        <AttachReview draft={draft} onBack={() => setStep('basics')} onCreated={() => onAttached(draft.name)} />
      )}
    </WizardPage>
  )
}
