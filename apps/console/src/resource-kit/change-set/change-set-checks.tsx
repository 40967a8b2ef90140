import { kindOf } from '@meshdeck/kube'
import { ownerOf } from '@meshdeck/mesh'
import Button from 'antd/es/button'
import Tag from 'antd/es/tag'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf, useProblemText } from '../../components/problem-text.tsx'
import { accessCheck, useCans } from '../../lib/access.ts'
import { AffectedCheck } from '../affected-check.tsx'
import { hasTraffic } from '../affected-traffic.ts'
import { isUnanswered } from '../confirmed-write.ts'
import { FindingsCheck } from '../finding-check.tsx'
import { Check } from '../review-checks.tsx'
import { clustersOf, keyOf, refOfChange, type DryRun, type PlannedChange } from './planned-change.ts'

export interface ChangeSetChecksProps {
  changes: readonly PlannedChange[]
  dryRuns: readonly DryRun[]
  more: ReactNode
}

/** What was checked before several objects are written, object by object where they differ. */
export function ChangeSetChecks({ changes, dryRuns, more }: ChangeSetChecksProps) {
  const { t } = useTranslation('change-set')
  const line = (tone: Parameters<typeof Check>[0]['tone'], children: ReactNode) => <Check tone={tone}>{children}</Check>
  const clusters = clustersOf(changes)
  return (
    <section className="md-card" aria-label={t('checks.title')}>
      <header>
        <h2>{t('checks.title')}</h2>
      </header>
      <ul className="md-card-body md-checks">
        {changes.map((change, at) => (
          <ObjectChecks key={keyOf(change)} change={change} dryRun={dryRuns[at]} withCluster={clusters.length > 1} />
        ))}
        {clusters.map((cluster) => (
          <FindingsCheck
            key={cluster}
            cluster={cluster}
            changes={changes
              .filter((change) => change.cluster === cluster)
              .map((change) => ({ ref: refOfChange(change), object: change.after }))}
            line={(tone, children) => (
              <Check tone={tone}>
                {clusters.length > 1 && <Tag>{cluster}</Tag>}
                {children}
              </Check>
            )}
          />
        ))}
        {changes
          .filter(({ kind }) => hasTraffic(kind))
          .slice(-1)
          .map((change) => (
            // The rule that is written last is the one that the others are for.
            <AffectedCheck
              key={keyOf(change)}
              kind={change.kind}
              objects={change.before ? [change.before, change.after] : [change.after]}
              line={line}
            />
          ))}
        {more}
      </ul>
    </section>
  )
}

interface ObjectChecksProps {
  change: PlannedChange
  dryRun: DryRun | undefined
  /** The same object may be written to several. */
  withCluster: boolean
}

function ObjectChecks({ change, dryRun, withCluster }: ObjectChecksProps) {
  const { t } = useTranslation(['change-set', 'resources'])
  const describe = useProblemText()
  const { cluster, kind, before, after } = change
  const { namespace, name } = after.metadata
  const verb = before ? 'update' : 'create'
  const [right] = useCans([accessCheck(verb, kind, { cluster, namespace, ...(before ? { name } : {}) })])
  const place = [withCluster ? cluster : undefined, namespace, name].filter(Boolean).join(' / ')
  const object = `${t(`resources:kinds.${kind}.singular`)} ${place}`
  const refused = dryRun?.error ? describe(dryRun.error) : undefined
  const isAway = isUnanswered(dryRun?.error) || problemOf(dryRun?.error).code === 'cluster-unreachable'
  const fields = dryRun?.error ? (problemOf(dryRun.error).fields ?? []) : []
  const owner = before && ownerOf(before)
  return (
    <>
      {right?.pending === false && !right.allowed && (
        <Check tone="error">
          {t('checks.mayNot', {
            verb: t(`common:verbs.${verb}`),
            resource: kindOf(kind).plural,
            namespace: namespace ?? cluster,
          })}
        </Check>
      )}
      <Check tone={dryRun?.isSuccess ? 'success' : refused ? 'error' : 'unknown'}>
        {t(
          dryRun?.isSuccess
            ? 'checks.accepted'
            : refused
              ? isAway
                ? 'checks.unanswered'
                : 'checks.refused'
              : 'checks.pending',
          { object },
        )}
        {refused && <strong>{refused.title}</strong>}
        {refused?.detail && <pre className="md-words">{refused.detail}</pre>}
        {fields.map(({ field, message }) => (
          <div key={`${field}${message}`}>
            <code>{field}</code> {message}
          </div>
        ))}
        {refused && (
          <Button size="small" onClick={() => void dryRun?.refetch()}>
            {t('common:actions.retry')}
          </Button>
        )}
      </Check>
      {dryRun?.data?.warnings.map((warning) => (
        <Check key={warning} tone="warning">
          {t('checks.warning', { warning })}
        </Check>
      ))}
      {owner && <Check tone="warning">{t('checks.owner', { object, by: owner.by, name: owner.name })}</Check>}
    </>
  )
}
