import type { CheckView, PreflightView } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LoadingState, QueryView } from '../../components/states.tsx'
import { CheckLine } from './check-line.tsx'
import type { Preflight } from './preflight-query.ts'

export interface PreflightPanelProps {
  preflight: Preflight
  title: string
}

type ClusterChecks = PreflightView['clusters'][number]

/** What was looked at before a mesh is made or joined, by cluster: first what is not as it should be, then what passed. */
export function PreflightPanel({ preflight: { query }, title }: PreflightPanelProps) {
  const { t } = useTranslation('preflight')
  const id = useId()
  return (
    <section className="md-card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span className="md-muted">{t('what')}</span>
        <Button size="small" loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('again')}
        </Button>
      </header>
      <div className="md-card-body md-stack">
        <QueryView query={query} loading={<LoadingState rows={3} />}>
          {({ clusters }) => (
            <>
              <Verdict clusters={clusters} />
              {clusters.map((each) => (
                <ChecksOfCluster key={each.cluster} {...each} />
              ))}
            </>
          )}
        </QueryView>
      </div>
    </section>
  )
}

function Verdict({ clusters }: { clusters: readonly ClusterChecks[] }) {
  const { t } = useTranslation('preflight')
  const count = clusters.flatMap(({ checks }) => checks).filter(({ level }) => level === 'error').length
  return count === 0 ? (
    <p role="status">{t('clear')}</p>
  ) : (
    <Alert type="error" showIcon role="alert" title={t('blocked', { count })} />
  )
}

const ORDER: readonly CheckView['level'][] = ['error', 'warning', 'unknown', 'ok']

function ChecksOfCluster({ cluster, role, checks }: ClusterChecks) {
  const { t } = useTranslation('preflight')
  const id = useId()
  const sorted = checks.toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))
  const passed = sorted.filter(({ level }) => level === 'ok')
  const open = sorted.filter(({ level }) => level !== 'ok')
  return (
    <div className="md-stack">
      <h3 id={id}>{t(role, { cluster })}</h3>
      {open.length > 0 && <CheckList label={id} checks={open} />}
      {passed.length > 0 && (
        <details>
          <summary>{t('passed', { count: passed.length })}</summary>
          <CheckList label={id} checks={passed} />
        </details>
      )}
    </div>
  )
}

function CheckList({ label, checks }: { label: string; checks: readonly CheckView[] }) {
  return (
    <ul className="md-checks" aria-labelledby={label}>
      {checks.map((check) => (
        <CheckLine key={check.id} check={check} />
      ))}
    </ul>
  )
}
