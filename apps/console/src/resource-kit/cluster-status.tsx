import type { ClusterView } from '@meshdeck/contract'
import type { ClusterCondition } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { asError, useProblemText } from '../components/problem-text.tsx'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'

const TONES: Record<ClusterView['state'], StatusTone> = { reachable: 'success', lost: 'error', unknown: 'unknown' }
const CONDITION_TONES = { True: 'success', False: 'error', Unknown: 'unknown' } as const

/** Whether a cluster answers at present, and why not. */
export function ClusterStatus({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation('fleet')
  const describe = useProblemText()
  const text = cluster.problem && describe(asError(cluster.problem))
  const reason =
    (text && [text.title, text.detail].filter(Boolean).join(': ')) ??
    cluster.conditions.find(({ type }) => type === 'Reachable')?.message
  return (
    <StatusDot tone={TONES[cluster.state]} reason={reason}>
      {t(`glossary:clusterState.${cluster.state}`)}
    </StatusDot>
  )
}

/** One condition of a cluster as a word; a dash while the controller has not looked. */
export function ClusterConditionDot({ cluster, type }: { cluster: ClusterView; type: ClusterCondition }) {
  const { t } = useTranslation('fleet')
  const condition = cluster.conditions.find((each) => each.type === type)
  if (!condition) return '–'
  // Rights that are missing, and metrics, take nothing from the rest.
  const tone = condition.status === 'False' && type !== 'Reachable' ? 'warning' : CONDITION_TONES[condition.status]
  return (
    <StatusDot tone={tone} reason={condition.message}>
      {t(`conditions.${type}.${condition.status}`)}
    </StatusDot>
  )
}
