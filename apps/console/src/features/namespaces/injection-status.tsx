import type { NamespaceView } from '@meshdeck/contract'
import { INJECTION_LABEL, REVISION_LABEL } from '@meshdeck/kube'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'

/** The policy of a namespace in a word, by which label, and why. */
export function InjectionStatus({ namespace }: { namespace: NamespaceView }) {
  const { t } = useTranslation('namespaces')
  const label = policyLabel(namespace)
  return (
    <span className="md-injection">
      <StatusDot tone={toneOf(namespace)} reason={injectionReason(t, namespace)}>
        {t(`states.${stateOf(namespace)}`)}
      </StatusDot>
      {label !== undefined && <code className="md-muted">{label}</code>}
    </span>
  )
}

/** What becomes of pods that are created now. */
export function NewPods({ namespace }: { namespace: NamespaceView }) {
  const { t } = useTranslation('namespaces')
  const key = namespace.injectsNewPods ? 'sidecar' : namespace.ambient ? 'ambient' : 'none'
  return (
    <StatusDot tone={key === 'none' ? 'unknown' : 'success'} reason={injectionReason(t, namespace)}>
      {t(`newPods.${key}`)}
    </StatusDot>
  )
}

/** Why new pods get a sidecar or not, and what running ones wait for, in sentences. */
export function injectionReason(t: TFunction<'namespaces'>, namespace: NamespaceView): string {
  const { reason, revision, pendingWorkloads, name } = namespace
  const why = t([`reasons.${reason}`, 'reasons.unknown'], { reason, namespace: name })
  return [
    why,
    revision === undefined ? '' : t('byRevision', { revision }),
    pendingWorkloads === 0 ? '' : t('pendingReason', { count: pendingWorkloads }),
  ]
    .filter((text) => text !== '')
    .join(' ')
}

/** The label that decides, as it stands on the namespace. */
function policyLabel({ labels }: NamespaceView): string | undefined {
  const label = [INJECTION_LABEL, REVISION_LABEL].find((key) => labels[key] !== undefined)
  return label === undefined ? undefined : `${label}=${labels[label]}`
}

/** Enabled by its label, and yet nothing injects: the revision is gone, or there is no webhook. */
const isBroken = ({ policy, injectsNewPods }: NamespaceView): boolean => policy === 'enabled' && !injectsNewPods

const stateOf = (namespace: NamespaceView): string => (isBroken(namespace) ? 'broken' : namespace.state)

function toneOf(namespace: NamespaceView): StatusTone {
  if (isBroken(namespace)) return 'error'
  if (namespace.pendingWorkloads > 0) return 'warning'
  return namespace.policy === 'enabled' ? 'success' : 'unknown'
}
