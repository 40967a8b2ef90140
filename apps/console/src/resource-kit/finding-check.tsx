import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatusTone } from '../components/status-dot.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { findingQueries } from './finding-queries.ts'
import { FindingLevel, FindingText } from './finding-text.tsx'

export interface FindingCheckProps {
  target: ResourceRef
  /** The object after the change; absent when it is deleted. */
  after: KubeResource | undefined
  line: (tone: StatusTone, children: ReactNode) => ReactNode
}

/** What the analysis says of the state after a change: what is new, and what is mended. */
export function FindingCheck({ target, after, line }: FindingCheckProps) {
  return <FindingsCheck cluster={target.cluster} changes={[{ ref: target, object: after }]} line={line} />
}

export interface FindingsCheckProps {
  cluster: string
  /** Objects after the change that are written together. */
  changes: readonly { ref: ResourceRef; object: KubeResource | undefined }[]
  line: FindingCheckProps['line']
}

/** The same of several objects at once. */
export function FindingsCheck({ cluster, changes, line }: FindingsCheckProps) {
  const { t } = useTranslation('findings')
  const { mesh } = useMeshScope()
  const { data, isError } = useQuery(findingQueries.previewAll(mesh, cluster, changes))
  if (isError) return line('unknown', t('review.failed'))
  if (data === undefined) return line('unknown', t('review.pending'))
  const { fresh, solved } = data
  const tone = fresh.some(({ level }) => level === 'error')
    ? 'error'
    : fresh.some(({ level }) => level === 'warning')
      ? 'warning'
      : fresh.length > 0
        ? 'info'
        : 'success'
  return line(
    tone,
    <>
      {fresh.length === 0 ? t('review.none') : t('review.fresh', { count: fresh.length })}
      {solved.length > 0 && ` ${t('review.solved', { count: solved.length })}`}
      {fresh.length > 0 && (
        <ul className="md-findings">
          {fresh.map((finding) => (
            <li key={`${finding.kind} ${finding.namespace}/${finding.name} ${finding.code} ${finding.path}`}>
              <div>
                <span>
                  <FindingLevel level={finding.level} />
                  {(changes.length > 1 || finding.name !== changes[0]?.ref.name) && (
                    <strong> {[finding.kind, finding.namespace, finding.name].filter(Boolean).join(' · ')}</strong>
                  )}
                </span>
                <FindingText finding={finding} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </>,
  )
}
