import type { ClusterFailure } from '@meshdeck/contract'
import { use, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEventState } from '../lib/events.ts'
import { useHost } from '../lib/host.ts'
import { MeshScopeContext } from '../lib/mesh-scope.ts'
import { FailureBanners } from './failure-banners.tsx'

export interface PageProps {
  title: ReactNode
  /** The page's name in the window's title, when `title` is more than text. */
  titleText?: string
  /** One sentence: what this is. */
  description?: ReactNode
  /** Where to read more about it. */
  docs?: string | undefined
  /** Beside the title: steps, state. */
  aside?: ReactNode
  /** Top right: the primary action last. */
  actions?: ReactNode
  /** Clusters whose part is missing from what the page shows; the lost ones of the mesh are added. */
  failures?: readonly ClusterFailure[] | undefined
  onRetry?: (() => void) | undefined
  children: ReactNode
}

/** A page: heading, one sentence, actions, banners for what is missing, content. Names the window too. */
export function Page(props: PageProps) {
  const { t } = useTranslation()
  const host = useHost()
  const mesh = use(MeshScopeContext)
  const { lost } = useEventState()
  const name = props.titleText ?? (typeof props.title === 'string' ? props.title : '')
  const windowTitle = [name, mesh?.mesh, t('product')].filter(Boolean).join(' · ')
  const failures = [...lost.filter((each) => !mesh || mesh.clusters.includes(each.cluster)), ...(props.failures ?? [])]

  useEffect(() => host?.onTitle(windowTitle), [host, windowTitle])

  return (
    <div className="md-page">
      <header className="md-page-header">
        <div className="md-page-heading">
          <h1 tabIndex={-1}>{props.title}</h1>
          {props.description && (
            <p className="md-page-description">
              {props.description}{' '}
              {props.docs && (
                <a href={props.docs} target="_blank" rel="noreferrer">
                  {t('actions.readMore')}
                </a>
              )}
            </p>
          )}
          {props.aside}
        </div>
        {props.actions && <div className="md-page-actions">{props.actions}</div>}
      </header>
      <FailureBanners failures={failures} onRetry={props.onRetry} />
      {props.children}
    </div>
  )
}
