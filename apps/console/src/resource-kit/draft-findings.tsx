import type { FindingView } from '@meshdeck/contract'
import { kindOf, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../lib/mesh-scope.ts'
import type { ResourceFormProps } from './forms.ts'
import { findingQueries } from './finding-queries.ts'
import { FindingLevel, FindingText } from './finding-text.tsx'

/** Typing goes on while it is analysed; each pause asks once. */
const PAUSE_MS = 600

/** What the analysis says of a draft, as it would be after it was written; undefined until it has been asked. */
export function useDraftFindings(
  ref: Omit<ResourceRef, 'name' | 'namespace'>,
  draft: KubeResource | undefined,
): readonly FindingView[] | undefined {
  const { mesh } = useMeshScope()
  const [settled, setSettled] = useState<KubeResource>()
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft])
  const { name = '', namespace } = settled?.metadata ?? {}
  const target = namespace === undefined ? { ...ref, name } : { ...ref, namespace, name }
  const query = useQuery({
    ...findingQueries.preview(mesh, target, settled),
    // Without a name there is nothing to put beside the others.
    enabled: settled !== undefined && name !== '' && kindOf(ref.kind).home === 'cluster',
  })
  return query.data?.own
}

export interface DraftFindingsProps {
  findings: readonly FindingView[]
  onEdit: ResourceFormProps['onEdit']
}

/** The findings of a draft, each with a button to mend it where that is sure. */
export function DraftFindings({ findings, onEdit }: DraftFindingsProps) {
  const { t } = useTranslation('findings')
  if (findings.length === 0) return null
  return (
    <section className="md-card md-card-body" aria-label={t('panel.title')}>
      <ul className="md-findings">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.path} ${JSON.stringify(finding.values)}`}>
            <FindingLevel level={finding.level} />
            <FindingText finding={finding} />
            {finding.fix && (
              <Button
                size="small"
                onClick={() =>
                  onEdit((document) => {
                    for (const { op, path, value } of finding.fix ?? []) {
                      if (op === 'remove') document.deleteIn(path)
                      else document.setIn(path, typeof value === 'object' ? document.createNode(value) : value)
                    }
                  })
                }
              >
                {t('fix')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
