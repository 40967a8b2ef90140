import type { FindingView } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../components/status-dot.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { findingQueries } from './finding-queries.ts'
import { useFindingWords } from './finding-text.tsx'

const keyOf = (cluster: string, namespace: string, name: string): string => `${cluster} ${namespace}/${name}`

/** Findings of a list's objects, by object; hints are left to the object's page. */
export function useFindingMarks(
  kind: KindId,
): ((cluster: string, namespace: string, name: string) => readonly FindingView[]) | undefined {
  const { mesh } = useMeshScope()
  const { data } = useQuery(findingQueries.ofKind(mesh, kind))
  return useMemo(() => {
    if (data === undefined) return undefined
    const byObject = Map.groupBy(
      data.items.filter(({ level }) => level !== 'info'),
      ({ cluster, namespace, name }) => keyOf(cluster, namespace, name),
    )
    return (cluster, namespace, name) => byObject.get(keyOf(cluster, namespace, name)) ?? []
  }, [data])
}

/** How many findings an object has; their words show on hover and on focus. */
export function FindingMark({ findings }: { findings: readonly FindingView[] }) {
  return findings.length === 0 ? '–' : <Mark findings={findings} />
}

function Mark({ findings }: { findings: readonly FindingView[] }) {
  const { t } = useTranslation('findings')
  const wordsOf = useFindingWords()
  const tone = findings.some(({ level }) => level === 'error') ? 'error' : 'warning'
  const reason = findings.map((finding) => <div key={`${finding.code}${finding.path}`}>{wordsOf(finding).what}</div>)
  return (
    <StatusDot tone={tone} reason={reason}>
      {t('count', { count: findings.length })}
    </StatusDot>
  )
}
