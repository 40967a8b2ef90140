import type { ReferencesAnswer } from '@meshdeck/contract'
import { findKind, type ResourceRef } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../components/status-dot.tsx'
import { ReferredLink } from './reference-list.tsx'

type Referrer = ReferencesAnswer['items'][number]['usedBy'][number]

/** More are counted. */
const SHOWN = 10

/** Those that name an object and stay when it goes; what only applies to it loses nothing. */
export function referrersThatStay(
  usedBy: readonly Referrer[] | undefined,
  deleted: readonly ResourceRef[],
): readonly Referrer[] {
  return (usedBy ?? []).filter(
    ({ loose, object }) =>
      !loose &&
      !deleted.some(
        ({ cluster, kind, namespace = '', name }) =>
          object.cluster === cluster && object.kind === kind && object.namespace === namespace && object.name === name,
      ),
  )
}

/** Who names an object that is about to be deleted, and where. */
export function DeletionReferrers({ referrers }: { referrers: readonly Referrer[] }) {
  const { t } = useTranslation('references')
  if (referrers.length === 0) return null
  return (
    <div>
      <StatusDot tone="error">{t('deletion.named', { count: referrers.length })}</StatusDot>
      <ul className="md-plain-list">
        {referrers.slice(0, SHOWN).map((each) => (
          <li
            key={[each.object.cluster, each.object.kind, each.object.namespace, each.object.name, each.path].join(' ')}
          >
            {findKind(each.object.kind)?.kind ?? each.object.kind} <ReferredLink object={each.object} />{' '}
            <span className="md-muted">
              {each.object.namespace} · {t(`parts.${each.part}`, { name: each.name })} · <code>{each.path}</code>
            </span>
          </li>
        ))}
      </ul>
      {referrers.length > SHOWN && (
        <span className="md-muted">{t('deletion.more', { count: referrers.length - SHOWN })}</span>
      )}
    </div>
  )
}
