import type { ClusterView, MeshView } from '@meshdeck/contract'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { StepTrail } from '../../components/step-trail.tsx'
import { places } from '../../lib/places.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { PreflightPanel } from '../../resource-kit/preflight/preflight-panel.tsx'
import { usePreflight } from '../../resource-kit/preflight/preflight-query.ts'
import { InstallBasics } from './install-basics.tsx'
import {
  WIZARD_STEPS,
  installProblems,
  EMPTY_INSTALL,
  stepOf,
  toInstalledMesh,
  type InstallDraft,
  type InstallStep,
} from './install-draft.ts'
import { InstallGovernance } from './install-governance.tsx'
import { InstallReview, useInstallReview } from './install-review.tsx'
import { InstallSidecars } from './install-sidecars.tsx'
import { InstallSystem } from './install-system.tsx'

const DOCS = 'https://istio.io/latest/docs/ops/deployment/deployment-models/'

export interface InstallWizardProps {
  clusters: readonly ClusterView[]
  meshes: readonly MeshView[]
  failures?: Parameters<typeof Page>[0]['failures']
  mode: InstallDraft['mode']
  onCreated: (name: string) => void
}

/** Makes a mesh with a control plane of its own, in one cluster or over several: five steps, the last shows everything that follows. */
export function InstallWizard({ clusters, meshes, failures, mode, onCreated }: InstallWizardProps) {
  const { t } = useTranslation(['meshes', 'fleet'])
  const navigate = useNavigate()
  const [step, setStep] = useState<InstallStep>('basics')
  const [draft, setDraft] = useState<InstallDraft>({ ...EMPTY_INSTALL, mode })
  const [shown, setShown] = useState<readonly InstallStep[]>([])
  const problems = installProblems(
    draft,
    meshes.map(({ name }) => name),
  )
  const change = (part: Partial<InstallDraft>) => setDraft((before) => ({ ...before, ...part }))
  const index = WIZARD_STEPS.indexOf(step)
  const handleNext = () => {
    setShown([...shown, step])
    if (stepOf(problems) !== step) setStep(WIZARD_STEPS[index + 1] ?? step)
  }
  const props = { draft, change, problems: shown.includes(step) ? problems : {} }
  const buttons = (
    <>
      <Button onClick={() => void navigate(places.meshes())}>{t('actions.cancel')}</Button>
      {index > 0 && <Button onClick={() => setStep(WIZARD_STEPS[index - 1] ?? step)}>{t('actions.back')}</Button>}
    </>
  )
  const frame = {
    title: t('wizard.title'),
    description: t('wizard.what'),
    docs: DOCS,
    ...(failures === undefined ? {} : { failures }),
    aside: <StepTrail current={step} steps={WIZARD_STEPS.map((id) => ({ id, label: t(`wizard.steps.${id}`) }))} />,
  }
  if (step === 'review') {
    return <ReviewStep draft={draft} clusters={clusters} frame={frame} buttons={buttons} onCreated={onCreated} />
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
      <LeaveGuard dirty={draft.name !== '' || draft.cluster !== ''} />
      {step === 'basics' && <InstallBasics {...props} clusters={clusters} />}
      {step === 'system' && <InstallSystem {...props} />}
      {step === 'governance' && <InstallGovernance {...props} />}
      {step === 'sidecars' && <InstallSidecars {...props} />}
    </Page>
  )
}

interface ReviewStepProps {
  draft: InstallDraft
  clusters: readonly ClusterView[]
  frame: Omit<Parameters<typeof Page>[0], 'actions' | 'children'>
  buttons: React.ReactNode
  onCreated: (name: string) => void
}

function ReviewStep({ draft, clusters, frame, buttons, onCreated }: ReviewStepProps) {
  const { t } = useTranslation(['meshes', 'preflight'])
  const mesh = useMemo(() => toInstalledMesh(draft), [draft])
  const review = useInstallReview(mesh, clusters, () => onCreated(draft.name))
  const preflight = usePreflight(mesh)
  return (
    <Page
      {...frame}
      actions={
        <>
          {buttons}
          <Button
            type="primary"
            disabled={!review.ready || preflight.blocks}
            loading={review.create.isPending}
            onClick={() => review.create.mutate()}
          >
            {t('wizard.create')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={!review.create.isSuccess} />
      <PreflightPanel preflight={preflight} title={t('preflight:title')} />
      <InstallReview review={review} />
    </Page>
  )
}
