import { topologyPaths, type NodeConfiguration as Answer, type TopologyNode } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { RECORDED_KINDS } from '@meshdeck/mesh'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { LoadingState, QueryView } from '../../components/states.tsx'
import { api } from '../../lib/api.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { meshScope } from '../../lib/query-keys.ts'
import { FindingLevel, FindingText } from '../../resource-kit/finding-text.tsx'

export interface NodeConfigurationProps {
  node: TopologyNode
  /** Hosts by which it is called. */
  hosts: readonly string[]
}

const nodeQuery = (mesh: string, { type, name, namespace, app, version, cluster }: TopologyNode, hosts: string) => {
  const query = { type, name, namespace, app, version, cluster, hosts: hosts || undefined }
  return queryOptions({
    queryKey: [meshScope(mesh), RECORDED_KINDS, 'topology-node', query] as const,
    queryFn: ({ signal }) => api.get<Answer>(topologyPaths.node(mesh, query), { signal }),
  })
}

/** What is in force for a node at present, each with the way to it, and what the analysis has to say. */
export function NodeConfiguration({ node, hosts }: NodeConfigurationProps) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const query = useQuery(nodeQuery(mesh, node, hosts.toSorted().join(',')))
  return (
    <section className="md-topology-links" aria-label={t('panel.inForce')}>
      <h3>{t('panel.inForce')}</h3>
      <QueryView query={query} loading={<LoadingState rows={2} />}>
        {({ rules, findings }) => (
          <>
            {rules.length === 0 && <p className="md-muted">{t('panel.noRules')}</p>}
            <ul>
              {rules.flatMap((rule) => {
                const kind = findKind(rule.kind)?.id
                if (kind === undefined) return []
                return [
                  <li key={`${rule.cluster} ${kind} ${rule.namespace} ${rule.name}`}>
                    {kind}{' '}
                    <AppLink place={places.object(mesh, { ...rule, kind })}>
                      {rule.namespace}/{rule.name}
                    </AppLink>
                  </li>,
                ]
              })}
            </ul>
            {findings.length > 0 && (
              <>
                <h3>{t('panel.findings')}</h3>
                <ul>
                  {findings.map((finding) => (
                    <li key={`${finding.code} ${finding.kind} ${finding.name} ${finding.path}`}>
                      <FindingLevel level={finding.level} /> {finding.kind} {finding.name}
                      <FindingText finding={finding} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </QueryView>
    </section>
  )
}
