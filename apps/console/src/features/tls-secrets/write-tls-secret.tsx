import type { TlsSecretView } from '@meshdeck/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { Page } from '../../components/page.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { configPlaces } from '../../lib/config-places.ts'
import type { Place } from '../../lib/places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { ReasonField } from '../../resource-kit/reason-field.tsx'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'
import { CertificateCards } from './certificate-card.tsx'
import { MaterialFields, NO_MATERIAL, type Material } from './material-fields.tsx'
import { TlsUsers } from './tls-users.tsx'
import { useFaults } from './use-faults.ts'

export interface WriteTlsSecretProps {
  title: string
  what: string
  /** What the button that writes says. */
  okText: string
  done: string
  /** Where one goes who gives up. */
  back: Place
  command: string
  /** More fields, above the material; `faults` by field. */
  head?: (faults: Record<string, string>, onChange: () => void) => ReactNode
  /** Checks, or writes. */
  write: (content: Partial<Material> & { reason: string }, dryRun: boolean) => Promise<TlsSecretView>
}

/** Fills a Secret: the server checks what was given and shows what it would be, then it is written. */
export function WriteTlsSecret(props: WriteTlsSecretProps) {
  const { t } = useTranslation('tls-secrets')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const client = useQueryClient()
  const describe = useProblemText()
  const faultsOf = useFaults()
  const [material, setMaterial] = useState(NO_MATERIAL)
  const [written, setWritten] = useState(false)
  const [reason, setReason] = useState('')
  const given = Object.fromEntries(Object.entries(material).filter(([, text]) => text.trim() !== ''))
  // What was typed is forgotten with the page: nothing of it may stay in the cache of mutations.
  const check = useMutation({
    mutationFn: () => props.write({ ...given, reason }, true),
    meta: { silent: true },
    gcTime: 0,
  })
  const write = useMutation({
    mutationFn: () => props.write({ ...given, reason }, false),
    meta: { silent: true, success: props.done },
    gcTime: 0,
    onSuccess: (secret) => {
      setWritten(true)
      invalidateKind(client, secret.cluster, 'Secret')
      void navigate({ ...configPlaces.tlsSecret(mesh, secret), ignoreBlocker: true })
    },
  })
  const error = write.error ?? check.error
  const faults = faultsOf(error)
  const failure = error && Object.keys(faults).length === 0 ? describe(error) : undefined
  const handleChange = () => {
    check.reset()
    write.reset()
  }
  return (
    <Page
      title={props.title}
      description={props.what}
      actions={
        <>
          <Button onClick={() => void navigate(props.back)}>{t('actions.cancel')}</Button>
          <Button loading={check.isPending} onClick={() => check.mutate()}>
            {t('check')}
          </Button>
          <Button type="primary" disabled={!check.isSuccess} loading={write.isPending} onClick={() => write.mutate()}>
            {props.okText}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={Object.keys(given).length > 0 && !written} />
      <section className="md-card" aria-label={t('material')}>
        <div className="md-card-body md-head">
          {props.head?.(faults, handleChange)}
          <MaterialFields
            value={material}
            faults={faults}
            onChange={(next) => {
              setMaterial(next)
              handleChange()
            }}
          />
        </div>
        <div className="md-card-body md-divided md-stack">
          <ReasonField value={reason} onChange={setReason} disabled={write.isPending} keptIn="object" />
          <p className="md-muted">{t('keyStays')}</p>
          <CommandBox command={props.command} />
        </div>
      </section>
      {failure && <FailureAlert failure={failure} />}
      {check.isSuccess && (
        <div className="md-stack" role="status">
          <Alert
            type="success"
            showIcon
            title={t('checked')}
            description={<TlsUsers users={check.data.users} none={t('users.none')} />}
          />
          <CertificateCards secret={check.data} />
        </div>
      )}
    </Page>
  )
}
