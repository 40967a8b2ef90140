import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import { HUB } from '@meshdeck/kube'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../lib/api.ts'
import { problemOf, useProblemText } from './problem-text.tsx'
import { StateIcon } from './state-icon.tsx'

/** Stands for content on its way. */
export function LoadingState({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div className="md-state-loading" role="status" aria-label={t('states.loading')}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  )
}

export interface EmptyStateProps {
  title: string
  /** What would stand here. */
  children?: ReactNode
  /** How to start: one button. */
  action?: ReactNode
}

/** Says what would stand here and how to start. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="md-state">
      <StateIcon name="empty" />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

export interface ErrorStateProps {
  error: unknown
  onRetry?: (() => void) | undefined
}

/** Says what failed, where and what to do; a missing right is told by name. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { t } = useTranslation()
  const text = useProblemText()(error)
  if (error instanceof ApiError && error.status === 403 && error.problem.code === 'forbidden')
    return <ForbiddenState error={error} />
  const problem = problemOf(error)
  return (
    <div className="md-state" role="alert">
      <StateIcon name="error" />
      <h2>{text.title}</h2>
      <p>{text.hint}</p>
      {text.detail && <pre className="md-words">{text.detail}</pre>}
      {problem.instance && <p className="md-muted">{t('states.requestId', { id: problem.instance })}</p>}
      {onRetry && <Button onClick={onRetry}>{t('actions.retry')}</Button>}
    </div>
  )
}

/** Says which right is missing, in the words that an administrator needs. */
export function ForbiddenState({ error, title }: { error: unknown; title?: string }) {
  const { t } = useTranslation()
  const { missing, cluster, detail } = problemOf(error)
  return (
    <div className="md-state" role="alert">
      <StateIcon name="forbidden" />
      <h2>{title ?? t('states.forbidden.title')}</h2>
      <p>{t('states.forbidden.hint')}</p>
      {missing && (
        <dl className="md-facts">
          <dt>{t('states.forbidden.verb')}</dt>
          <dd>
            <code>{missing.verb}</code>
          </dd>
          <dt>{t('states.forbidden.resource')}</dt>
          <dd>
            <code>{missing.group === '' ? missing.resource : `${missing.resource}.${missing.group}`}</code>
          </dd>
          <dt>{t('states.forbidden.namespace')}</dt>
          <dd>{missing.namespace ? <code>{missing.namespace}</code> : t('states.forbidden.allNamespaces')}</dd>
          {cluster && (
            <>
              <dt>{t('glossary:cluster')}</dt>
              <dd>{cluster === HUB ? t('glossary:hub') : <code>{cluster}</code>}</dd>
            </>
          )}
        </dl>
      )}
      {!missing && detail && <pre className="md-words">{detail}</pre>}
    </div>
  )
}

export interface QueryViewProps<T> {
  query: UseQueryResult<T>
  /** Shown while the first answer is awaited. */
  loading?: ReactNode
  children: (data: T) => ReactNode
}

/** The states of a query: loading, failed or forbidden, and the content. Old content stays while a newer answer fails. */
export function QueryView<T>({ query, loading, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return loading ?? <LoadingState />
}
