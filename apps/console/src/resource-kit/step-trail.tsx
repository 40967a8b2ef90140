import { useTranslation } from 'react-i18next'
import { StepTrail as Trail } from '../components/step-trail.tsx'

export type EditorStep = 'edit' | 'review' | 'result'
const STEPS: readonly EditorStep[] = ['edit', 'review', 'result']

/** Where in the course of an edit one is: `1 Form › 2 Review › 3 Result`. */
export function StepTrail({ step, view }: { step: EditorStep; view: 'form' | 'yaml' }) {
  const { t } = useTranslation('editor')
  const steps = STEPS.map((id) => ({ id, label: id === 'edit' ? t(`view.${view}`) : t(`steps.${id}`) }))
  return <Trail steps={steps} current={step} />
}
