import { WIZARDS, type Answers } from '@meshdeck/mesh'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { StepTrail } from '../../components/step-trail.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { ChangeSetReview } from '../../resource-kit/change-set/change-set-review.tsx'
import type { PlannedChange } from '../../resource-kit/change-set/planned-change.ts'
import { Check } from '../../resource-kit/review-checks.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { CallersCheck } from './callers-check.tsx'
import { CATALOGUE, type WizardSpec } from './catalogue.ts'
import { PlanNotes } from './plan-notes.tsx'
import { useWizardWorld } from './use-wizard-world.ts'
import { WizardForm } from './wizard-form.tsx'

/** The answers of each wizard in the address, so that a link can begin it half filled in. */
const SCHEMAS = new Map(
  CATALOGUE.map(({ id, fields }) => [
    id,
    searchSchema<Record<string, string>>({
      cluster: param.text(),
      service: param.text(),
      ...Object.fromEntries(fields.map((field) => [field.id, param.text(field.start ?? '')])),
    }),
  ]),
)
const EMPTY = searchSchema<Record<string, string>>({})

/** One wizard: short questions, then the review that every change goes through, then what came of it. */
export function WizardPage({ wizard }: { wizard: WizardSpec }) {
  useStyle(kitCss)
  const { t } = useTranslation('wizards')
  const { clusters } = useMeshScope()
  const [search, setSearch] = usePageSearch(SCHEMAS.get(wizard.id) ?? EMPTY)
  // What is typed lives here; the address follows it.
  const [typed, setTyped] = useState<Answers>(search)
  const [touched, setTouched] = useState<ReadonlySet<string>>(() => new Set(keysThatDiffer(wizard, search)))
  const [loud, setLoud] = useState(false)
  const [reviewed, setReviewed] = useState<readonly PlannedChange[]>()
  const cluster = clusters.find((each) => each === typed['cluster']) ?? clusters[0] ?? ''
  const wanted = typed['service'] ?? ''
  const asked = useWizardWorld(wizard, cluster, wanted)
  const { world, failed, isPending, service } = asked
  const started = wizard.startsWith?.(world) ?? {}
  const answers: Answers = {
    ...typed,
    ...Object.fromEntries(Object.entries(started).filter(([field]) => !touched.has(field))),
  }
  const plan = WIZARDS[wizard.id](answers, world)
  const answer = (field: string, value: string) => {
    setTyped({ ...typed, [field]: value })
    setTouched(new Set([...touched, field]))
    setSearch({ [field]: value }, { replace: true })
  }
  const handleReview = () => {
    setLoud(true)
    if (plan.problems.length === 0 && plan.changes.length > 0)
      setReviewed(plan.changes.map((change) => ({ ...change, cluster })))
  }
  const title = t(`wizards.${wizard.id}.title`)
  const steps = (['questions', 'review'] as const).map((id) => ({ id, label: t(`steps.${id}`) }))
  return (
    <Page
      title={title}
      description={t(`wizards.${wizard.id}.what`)}
      aside={<StepTrail steps={steps} current={reviewed === undefined ? 'questions' : 'review'} />}
      actions={
        reviewed === undefined && (
          <Button
            type="primary"
            disabled={
              isPending ||
              asked.isAsking ||
              failed !== undefined ||
              (plan.problems.length === 0 && plan.changes.length === 0)
            }
            onClick={handleReview}
          >
            {t('toReview')}
          </Button>
        )
      }
    >
      {failed ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : isPending ? (
        <LoadingState />
      ) : reviewed === undefined ? (
        <>
          {asked.isPartial && <Alert type="warning" showIcon title={t('partial')} />}
          {asked.hidden.length > 0 && (
            <Alert type="warning" showIcon title={t('hidden', { kinds: asked.hidden.join(', ') })} />
          )}
          {service.isError && <ErrorState error={service.error} onRetry={() => void service.refetch()} />}
          <WizardForm
            wizard={wizard}
            cluster={cluster}
            onCluster={(next) => answer('cluster', next)}
            service={wanted}
            onService={(next) => answer('service', next)}
            answers={answers}
            onAnswer={answer}
            world={world}
            plan={plan}
            loud={loud}
          />
        </>
      ) : (
        <ChangeSetReview
          changes={reviewed}
          more={
            <>
              <PlanNotes notes={plan.notes ?? []} cluster={cluster} />
              {wizard.callers !== undefined && (
                <CallersCheck
                  wizard={wizard}
                  answers={answers}
                  world={world}
                  line={(tone, children) => <Check tone={tone}>{children}</Check>}
                />
              )}
            </>
          }
          onBack={() => {
            setReviewed(undefined)
            asked.refetch()
          }}
        />
      )}
    </Page>
  )
}

/** Fields that the address says something of: what exists must not overwrite them. */
function keysThatDiffer({ fields }: WizardSpec, search: Answers): string[] {
  return fields.filter(({ id, start = '' }) => (search[id] ?? '') !== start).map(({ id }) => id)
}
