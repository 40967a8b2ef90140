import type { ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../components/status-dot.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { findingsOfKind } from './findings-of-kind.ts'

const FindingWords = lazy(() => import('./finding-words.tsx').then((module) => ({ default: module.FindingWords })))

/**
 * How many findings an object of a list has; hints are left to the object's page. The words show on hover and on focus, and
 * are loaded only then.
 */
export function FindingCell({ target: { kind, cluster, namespace = '', name } }: { target: ResourceRef }) {
  const { t } = useTranslation('resources')
  const { mesh } = useMeshScope()
  // One question for all rows of the list.
  const { data } = useQuery(findingsOfKind(mesh, kind))
  const findings = (data?.items ?? []).filter(
    (finding) =>
      finding.level !== 'info' &&
      finding.name === name &&
      finding.namespace === namespace &&
      finding.cluster === cluster,
  )
  if (findings.length === 0) return '–'
  const reason = (
    <Suspense fallback="…">
      <FindingWords findings={findings} />
    </Suspense>
  )
  return (
    <StatusDot tone={findings.some(({ level }) => level === 'error') ? 'error' : 'warning'} reason={reason}>
      {t('list.findings', { count: findings.length })}
    </StatusDot>
  )
}
