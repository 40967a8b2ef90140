import type { ClusterView, MeshView } from '@meshdeck/contract'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { StepTrail } from '../../components/step-trail.tsx'
import { places } from '../../lib/places.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { DedicatedBasics } from './dedicated-basics.tsx'
import {
  DEDICATED_STEPS,
  dedicatedProblems,
  EMPTY_DEDICATED,
  stepOf,
  toDedicatedMesh,
  type DedicatedDraft,
  type DedicatedStep,
} from './dedicated-draft.ts'
import { DedicatedGovernance } from './dedicated-governance.tsx'
import { DedicatedReview, useDedicatedReview } from './dedicated-review.tsx'
import { DedicatedSidecars } from './dedicated-sidecars.tsx'
import { DedicatedSystem } from './dedicated-system.tsx'

const DOCS = 'https://istio.io/latest/docs/ops/deployment/deployment-models/#single-cluster'

export interface DedicatedWizardProps {
  clusters: readonly ClusterView[]
  meshes: readonly MeshView[]
  failures?: Parameters<typeof Page>[0]['failures']
  onCreated: (name: string) => void
}

/** Makes a mesh with a control plane of its own in one cluster: five steps, the last shows everything that follows. */
export function DedicatedWizard({ clusters, meshes, failures, onCreated }: DedicatedWizardProps) {
  const { t } = useTranslation(['meshes', 'fleet'])
  const navigate = useNavigate()
  const [step, setStep] = useState<DedicatedStep>('basics')
  const [draft, setDraft] = useState(EMPTY_DEDICATED)
  const [shown, setShown] = useState<readonly DedicatedStep[]>([])
  const problems = dedicatedProblems(
    draft,
    meshes.map(({ name }) => name),
  )
  const change = (part: Partial<DedicatedDraft>) => setDraft((before) => ({ ...before, ...part }))
  const index = DEDICATED_STEPS.indexOf(step)
  const handleNext = () => {
    setShown([...shown, step])
    if (stepOf(problems) !== step) setStep(DEDICATED_STEPS[index + 1] ?? step)
  }
  const props = { draft, change, problems: shown.includes(step) ? problems : {} }
  const buttons = (
    <>
      <Button onClick={() => void navigate(places.meshes())}>{t('actions.cancel')}</Button>
      {index > 0 && <Button onClick={() => setStep(DEDICATED_STEPS[index - 1] ?? step)}>{t('actions.back')}</Button>}
    </>
  )
  const frame = {
    title: t('wizard.title'),
    description: t('wizard.what'),
    docs: DOCS,
    ...(failures === undefined ? {} : { failures }),
    aside: <StepTrail current={step} steps={DEDICATED_STEPS.map((id) => ({ id, label: t(`wizard.steps.${id}`) }))} />,
  }
  if (step === 'review') {
    const network = clusters.find(({ name }) => name === draft.cluster)?.network
    return <ReviewStep draft={draft} network={network} frame={frame} buttons={buttons} onCreated={onCreated} />
  }
  return (
    <Page
      {...frame}
      actions={
        <>
          {buttons}
          <Button type="primary" onClick={handleNext}>
            {t('wizard.next')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={draft !== EMPTY_DEDICATED} />
      {step === 'basics' && <DedicatedBasics {...props} clusters={clusters} />}
      {step === 'system' && <DedicatedSystem {...props} />}
      {step === 'governance' && <DedicatedGovernance {...props} />}
      {step === 'sidecars' && <DedicatedSidecars {...props} />}
    </Page>
  )
}

interface ReviewStepProps {
  draft: DedicatedDraft
  network: string | undefined
  frame: Omit<Parameters<typeof Page>[0], 'actions' | 'children'>
  buttons: React.ReactNode
  onCreated: (name: string) => void
}

function ReviewStep({ draft, network, frame, buttons, onCreated }: ReviewStepProps) {
  const { t } = useTranslation('meshes')
  const mesh = useMemo(() => toDedicatedMesh(draft), [draft])
  const review = useDedicatedReview(mesh, network, () => onCreated(draft.name))
  return (
    <Page
      {...frame}
      actions={
        <>
          {buttons}
          <Button
            type="primary"
            disabled={!review.ready}
            loading={review.create.isPending}
            onClick={() => review.create.mutate()}
          >
            {t('wizard.create')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={!review.create.isSuccess} />
      <DedicatedReview review={review} />
    </Page>
  )
}
