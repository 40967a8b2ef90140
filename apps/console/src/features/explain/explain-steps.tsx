import type { ExplainStep } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'

const TONES: Readonly<Record<ExplainStep['outcome'], StatusTone>> = {
  ok: 'success',
  stop: 'error',
  note: 'info',
  open: 'warning',
  skip: 'unknown',
}

/** Steps in order, under a heading for each proxy that they happen at. */
export function ExplainSteps({ steps }: { steps: readonly ExplainStep[] }) {
  const { t } = useTranslation('explain')
  const groups = steps.reduce<ExplainStep[][]>((made, step) => {
    const last = made.at(-1)
    if (last?.[0]?.hop === step.hop) last.push(step)
    else made.push([step])
    return made
  }, [])
  return keyed(groups).map(({ key, value: group }) => (
    <section key={key} className="md-explain-hop">
      <h3>{group[0] && t(`hops.${group[0].hop}`)}</h3>
      <ol>
        {keyed(group).map(({ key: own, value: step }) => (
          <li key={own}>
            <StepLine step={step} />
            {step.others && (
              <details>
                <summary>{t('others', { count: step.others.length })}</summary>
                <ul>
                  {keyed(step.others).map(({ key: other, value: each }) => (
                    <li key={other}>
                      <StepLine step={each} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  ))
}

/** Steps have no name of their own, and the same one may be taken twice. */
function keyed<T>(values: readonly T[]): { key: string; value: T }[] {
  const seen = new Map<string, number>()
  return values.map((value) => {
    const text = JSON.stringify(value)
    const count = seen.get(text) ?? 0
    seen.set(text, count + 1)
    return { key: `${count} ${text}`, value }
  })
}

function StepLine({ step }: { step: Omit<ExplainStep, 'others'> }) {
  const { t } = useTranslation('explain')
  return (
    <div className={`md-explain-step md-explain-${step.outcome}`}>
      <StatusDot tone={TONES[step.outcome]}>{t(`outcomes.${step.outcome}`)}</StatusDot>
      <div>
        {t(`steps.${step.code}`, step.values)}
        {step.place && <StepPlace place={step.place} />}
      </div>
    </div>
  )
}

/** The object that says so, and where in it. */
function StepPlace({ place }: { place: NonNullable<ExplainStep['place']> }) {
  const { mesh } = useMeshScope()
  const { cluster, kind, namespace, name, path } = place
  const known = findKind(kind)
  if (known === undefined) return null
  const to =
    known.id === 'Service'
      ? places.service(mesh, namespace, name)
      : places.object(mesh, { kind: known.id, cluster, name, ...(namespace === '' ? {} : { namespace }) })
  return (
    <div className="md-muted">
      <AppLink place={to}>{`${known.kind} ${namespace}/${name}`}</AppLink> {path !== '' && <code>{path}</code>}
    </div>
  )
}
