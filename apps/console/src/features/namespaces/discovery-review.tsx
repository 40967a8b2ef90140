import { printResourceRef } from '@meshdeck/kube'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { DiffView } from '../../components/diff-view.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { QueryView } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { alignKeys, toEditableYaml } from '../../resource-kit/draft.ts'
import { kubectl } from '../../resource-kit/kubectl.ts'
import type { AppliedScope, PlannedScope } from './discovery-queries.ts'

/** Whether there is something to write that the server would take. */
export function isDue({ step, error }: PlannedScope): boolean {
  return error === undefined && (step.act === 'create' || step.act === 'replace' || step.act === 'delete')
}

interface DiscoveryReviewProps {
  plan: UseQueryResult<PlannedScope[]>
  applied: readonly AppliedScope[] | undefined
}

/** What changes in each namespace, or why nothing can, and in the end what came of it. */
export function DiscoveryReview({ plan, applied }: DiscoveryReviewProps) {
  const { t } = useTranslation('namespaces')
  return (
    <QueryView query={plan}>
      {(planned) => (
        <div className="md-stack">
          <ul className="md-affected" aria-label={t('discovery.changes')}>
            {planned.map((each) => (
              <Change
                key={`${each.namespace.cluster}/${each.namespace.name}`}
                planned={each}
                applied={applied?.find(({ namespace }) => namespace === each.namespace)}
              />
            ))}
          </ul>
          {applied === undefined && planned.some(isDue) && (
            <>
              <StatusDot tone="success">{t('discovery.tried')}</StatusDot>
              <CommandBox command={planned.filter(isDue).map(commandOf).join('\n')} />
            </>
          )}
        </div>
      )}
    </QueryView>
  )
}

function commandOf({ step }: PlannedScope): string {
  if (step.act === 'create') return kubectl.create(step.ref)
  if (step.act === 'replace') return kubectl.replace(step.ref)
  return step.act === 'delete' ? kubectl.delete([step.ref]) : ''
}

function Change({ planned, applied }: { planned: PlannedScope; applied: AppliedScope | undefined }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const describe = useProblemText()
  const { namespace, step, after } = planned
  const error = applied?.error ?? planned.error
  const problem = error === undefined ? undefined : describe(error)
  return (
    <li>
      <strong>{namespace.name}</strong> <span className="md-muted">{namespace.cluster}</span>{' '}
      {applied && applied.error === undefined && <StatusDot tone="success">{t('discovery.applied')}</StatusDot>}
      {problem && (
        <StatusDot tone="error" reason={problem.hint}>
          {[problem.title, problem.detail].filter(Boolean).join(': ')}
        </StatusDot>
      )}
      {(step.act === 'none' || step.act === 'unknown' || step.act === 'root') && !problem && (
        <div className="md-muted">{t(`discovery.acts.${step.act}`)}</div>
      )}
      {step.act === 'refuse' && (
        <div>
          <StatusDot tone="warning">{t('discovery.refused', { name: step.theirs.name })}</StatusDot>{' '}
          <AppLink place={places.object(mesh, { ...step.theirs, kind: 'Sidecar' })}>
            {t('discovery.openTheirs')}
          </AppLink>
        </div>
      )}
      {(step.act === 'create' || step.act === 'replace' || step.act === 'delete') && (
        <>
          <div className="md-muted">{t(`discovery.acts.${step.act}`, { ref: printResourceRef(step.ref) })}</div>
          {applied === undefined && !problem && (
            <DiffView
              before={step.act === 'create' ? '' : toEditableYaml(step.before)}
              after={
                step.act === 'delete'
                  ? ''
                  : toEditableYaml(alignKeys(after ?? step.after, step.act === 'replace' ? step.before : undefined))
              }
              layout="unified"
              labels={{ before: t('discovery.before'), after: t('discovery.after') }}
            />
          )}
        </>
      )}
    </li>
  )
}
