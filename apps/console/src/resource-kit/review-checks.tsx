import { kindOf } from '@meshdeck/kube'
import Button from 'antd/es/button'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf, useProblemText } from '../components/problem-text.tsx'
import type { StatusTone } from '../components/status-dot.tsx'
import { useCan } from '../lib/access.ts'
import { AffectedCheck } from './affected-check.tsx'
import { hasTraffic } from './affected-traffic.ts'
import { FindingCheck } from './finding-check.tsx'
import { ownerOf } from '@meshdeck/mesh'
import type { ReviewStepProps } from './review-step.tsx'

/** What was checked before the change may be applied, each with its outcome in words. */
export function ReviewChecks({ kind, cluster, base, draft, dryRun, theirs, onCompare }: ReviewStepProps) {
  const { t } = useTranslation('editor')
  const describe = useProblemText()
  const { plural, category } = kindOf(kind)
  const { namespace, name } = draft.metadata
  const verb = base ? 'update' : 'create'
  const right = useCan(verb, kind, { cluster, namespace, ...(base ? { name } : {}) })
  const owner = ownerOf(base ?? draft)
  const refused = dryRun.error && theirs === undefined ? describe(dryRun.error) : undefined
  const fields = refused ? (problemOf(dryRun.error).fields ?? []) : []
  return (
    <section className="md-card" aria-label={t('checks.title')}>
      <header>
        <h2>{t('checks.title')}</h2>
      </header>
      <ul className="md-card-body md-checks">
        <Check tone={right.pending ? 'unknown' : right.allowed ? 'success' : 'error'}>
          {t(right.pending ? 'checks.right.pending' : right.allowed ? 'checks.right.ok' : 'checks.right.missing', {
            verb: t(`common:verbs.${verb}`),
            resource: plural,
            namespace: namespace ?? cluster,
          })}
        </Check>
        <Check tone={dryRun.isSuccess ? 'success' : refused ? 'error' : 'unknown'}>
          {dryRun.isSuccess
            ? t(category === 'gateway-api' ? 'checks.server.okPlain' : 'checks.server.ok')
            : refused
              ? refused.title
              : theirs
                ? t('checks.server.notAsked')
                : t('checks.server.pending')}
          {refused?.detail && <pre className="md-words">{refused.detail}</pre>}
          {fields.map(({ field, message }) => (
            <div key={`${field}${message}`}>
              <code>{field}</code> {message}
            </div>
          ))}
          {refused && (
            <Button size="small" onClick={() => void dryRun.refetch()}>
              {t('common:actions.retry')}
            </Button>
          )}
        </Check>
        {dryRun.data?.warnings.map((warning) => (
          <Check key={warning} tone="warning">
            {t('checks.warning', { warning })}
          </Check>
        ))}
        {base && (
          <Check tone={theirs ? 'error' : dryRun.isSuccess ? 'success' : 'unknown'}>
            {t(theirs ? 'checks.version.changed' : dryRun.isSuccess ? 'checks.version.same' : 'checks.version.pending')}{' '}
            {theirs && (
              <Button size="small" onClick={onCompare}>
                {t('conflict.compare')}
              </Button>
            )}
          </Check>
        )}
        {kindOf(kind).home === 'cluster' && (
          <FindingCheck
            target={{ cluster, kind, name, ...(namespace === undefined ? {} : { namespace }) }}
            after={draft}
            line={(tone, children) => <Check tone={tone}>{children}</Check>}
          />
        )}
        {hasTraffic(kind) && (
          <AffectedCheck
            kind={kind}
            objects={base ? [base, draft] : [draft]}
            line={(tone, children) => <Check tone={tone}>{children}</Check>}
          />
        )}
        <Check tone={owner ? 'warning' : 'unknown'}>
          {owner ? t('checks.owner.some', { by: owner.by, name: owner.name }) : t('checks.owner.none')}
        </Check>
      </ul>
    </section>
  )
}

/** One line of what was checked, its outcome in colour and in words. */
export function Check({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  const { t } = useTranslation('editor')
  return (
    <li className={`md-status-${tone}`}>
      <span className="md-status-dot" aria-hidden="true" />
      <span className="md-visually-hidden">{t(`checks.tone.${tone}`)}</span>
      <div>{children}</div>
    </li>
  )
}
