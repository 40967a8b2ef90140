import type { NamespaceView } from '@meshdeck/contract'
import { DISCOVERY_SCOPES, type DiscoveryScope } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import Radio from 'antd/es/radio'
import Select from 'antd/es/select'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { useStyle } from '../../lib/use-style.ts'
import css from '../../resource-kit/resource-kit.css?inline'
import { ReasonField } from '../../resource-kit/reason-field.tsx'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { distinctByRef } from './discovery-plan.ts'
import { discoveryPlan, useApplyDiscovery } from './discovery-queries.ts'
import { DiscoveryReview, isDue } from './discovery-review.tsx'

export interface DiscoveryDialogProps {
  namespaces: readonly NamespaceView[]
  /** `done`: at least one namespace was changed. */
  onClose: (done: boolean) => void
}

/** Chooses how much of the mesh the proxies of namespaces learn of, shows what that changes, and does it. */
export function DiscoveryDialog({ namespaces, onClose }: DiscoveryDialogProps) {
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const [first] = namespaces
  // A refresh of the list meanwhile must not change what is reviewed.
  const [targets] = useState(() => distinctByRef(namespaces))
  const [scope, setScope] = useState<DiscoveryScope>(
    targets.length === 1 ? (first?.discovery?.scope ?? 'inherit') : 'local',
  )
  const [chosen, setChosen] = useState<readonly string[]>(
    targets.length === 1 ? (first?.discovery?.namespaces ?? []) : [],
  )
  const [isReview, setIsReview] = useState(false)
  const [reason, setReason] = useState('')
  const wanted = scope === 'custom' ? { scope, namespaces: chosen } : { scope }
  const plan = useQuery({ ...discoveryPlan(mesh, wanted, targets), enabled: isReview })
  const apply = useApplyDiscovery()
  const due = (plan.data ?? []).filter(isDue)
  const finished = apply.isSuccess
  const done = (apply.data ?? []).some(({ error }) => error === undefined)
  const isReady = scope !== 'custom' || chosen.length > 0
  return (
    <Modal
      open
      width={860}
      title={
        namespaces.length === 1
          ? t('discovery.titleOne', { namespace: first?.name, cluster: first?.cluster })
          : t('discovery.titleMany', { count: namespaces.length })
      }
      mask={{ closable: false }}
      onCancel={() => !apply.isPending && onClose(done)}
      // Buttons of our own: the Modal's are made anew with each render, and a click that falls between two is lost.
      footer={
        finished ? (
          <Button type="primary" onClick={() => onClose(done)}>
            {t('common:actions.close')}
          </Button>
        ) : isReview ? (
          <>
            <Button disabled={apply.isPending} onClick={() => setIsReview(false)}>
              {t('common:actions.back')}
            </Button>
            <Button
              type="primary"
              disabled={due.length === 0}
              loading={apply.isPending}
              onClick={() => apply.mutate({ planned: due, reason })}
            >
              {t('discovery.apply')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => onClose(false)}>{t('common:actions.cancel')}</Button>
            <Button type="primary" disabled={!isReady} onClick={() => setIsReview(true)}>
              {t('discovery.review')}
            </Button>
          </>
        )
      }
    >
      {isReview ? (
        <div className="md-stack">
          <DiscoveryReview plan={plan} applied={apply.data} />
          {!finished && due.length > 0 && (
            <ReasonField value={reason} onChange={setReason} disabled={apply.isPending} />
          )}
        </div>
      ) : (
        <div className="md-stack">
          <p>{t('discovery.what')}</p>
          <Radio.Group
            aria-label={t('discovery.column')}
            value={scope}
            onChange={({ target }) => setScope(DISCOVERY_SCOPES.find((each) => each === target.value) ?? 'inherit')}
          >
            <div className="md-stack">
              {DISCOVERY_SCOPES.map((each) => (
                <Radio key={each} value={each}>
                  {t(`discovery.scopes.${each}.name`)}{' '}
                  <span className="md-muted">{t(`discovery.scopes.${each}.what`)}</span>
                </Radio>
              ))}
            </div>
          </Radio.Group>
          {scope === 'custom' && <NamespaceChoice value={chosen} onChange={setChosen} />}
          <p className="md-muted">{t('discovery.noRestart')}</p>
        </div>
      )}
    </Modal>
  )
}

function NamespaceChoice({ value, onChange }: { value: readonly string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const id = useId()
  const known = useQuery(resourceQueries.namespaces(mesh))
  const names = [...new Set((known.data ?? []).map(({ namespace }) => namespace))].toSorted()
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{t('discovery.others')}</label>
      <Select
        id={id}
        mode="tags"
        value={[...value]}
        loading={known.isPending}
        options={names.map((name) => ({ value: name, label: name }))}
        tokenSeparators={[',', ' ']}
        onChange={onChange}
      />
      <p className="md-muted">{t('discovery.othersHelp')}</p>
    </div>
  )
}
