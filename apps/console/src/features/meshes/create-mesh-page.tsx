import type { ClusterView, MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { StepTrail } from '../../components/step-trail.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { AttachForm } from './attach-form.tsx'
import { AttachReview } from './attach-review.tsx'
import { draftProblems, EMPTY_DRAFT } from './mesh-draft.ts'
import { MeshProgress } from './mesh-progress.tsx'
import css from './meshes.css?inline'

const STEPS = ['basics', 'review', 'progress'] as const
const DOCS = 'https://istio.io/latest/docs/ops/deployment/deployment-models/'

/** Attaches an Istio that runs already: choose it, review the record that is written, watch it come up. */
export function CreateMeshPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('fleet')
  const { allowed, pending } = useCan('create', 'Mesh', { cluster: HUB })
  const clusters = useQuery(clusterQueries.list())
  const meshes = useQuery(meshQueries.list())
  const title = t('meshes.create.title')
  if (!allowed && !pending) {
    return (
      <Page title={title}>
        <section className="md-card">
          <MissingRight verb="create" kind="Mesh" cluster={HUB} />
        </section>
      </Page>
    )
  }
  return (
    <QueryView query={clusters}>
      {({ items, failures }) => (
        <Wizard title={title} clusters={items} meshes={meshes.data?.items ?? []} failures={failures} />
      )}
    </QueryView>
  )
}

interface WizardProps {
  title: string
  clusters: readonly ClusterView[]
  meshes: readonly MeshView[]
  failures: Parameters<typeof Page>[0]['failures']
}

function Wizard({ title, clusters, meshes, failures }: WizardProps) {
  const { t } = useTranslation('fleet')
  const navigate = useNavigate()
  const [step, setStep] = useState<(typeof STEPS)[number]>('basics')
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const [shown, setShown] = useState(false)
  const taken = step === 'progress' ? [] : meshes.map(({ name }) => name)
  const problems = draftProblems(draft, taken)
  const handleNext = () => {
    setShown(true)
    if (Object.keys(problems).length === 0) setStep('review')
  }
  return (
    <Page
      title={title}
      description={t('meshes.create.what')}
      docs={DOCS}
      failures={failures}
      aside={<StepTrail current={step} steps={STEPS.map((id) => ({ id, label: t(`meshes.create.steps.${id}`) }))} />}
      actions={
        step === 'basics' &&
        clusters.length > 0 && (
          <>
            <Button onClick={() => void navigate(places.meshes())}>{t('actions.cancel')}</Button>
            <Button type="primary" onClick={handleNext}>
              {t('meshes.create.toReview')}
            </Button>
          </>
        )
      }
    >
      <LeaveGuard dirty={step !== 'progress' && draft !== EMPTY_DRAFT} />
      {clusters.length === 0 ? (
        <section className="md-card">
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
        </section>
      ) : (
        <>
          {step === 'basics' && (
            <AttachForm
              draft={draft}
              onChange={setDraft}
              clusters={clusters}
              meshes={meshes}
              problems={shown ? problems : {}}
            />
          )}
          {step === 'review' && (
            <AttachReview draft={draft} onBack={() => setStep('basics')} onCreated={() => setStep('progress')} />
          )}
          {step === 'progress' && <MeshProgress name={draft.name} />}
        </>
      )}
    </Page>
  )
}
