import type { Mesh } from '@meshdeck/kube'
import Input from 'antd/es/input'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { grafanaExplore, isOutsideLink, traceOf, tracesOf } from '../../lib/outside-links.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

type Links = NonNullable<Mesh['spec']['links']>

/** Of a service, a trace and an hour that anybody can imagine. */
const EXAMPLE = {
  service: 'reviews.shop',
  trace: '4bf92f3577b34da6a3ce929d0e0e4736',
  from: 1_764_000_000,
  to: 1_764_003_600,
}
const EXAMPLE_QUERY = [{ id: 'requests', promql: 'sum(rate(istio_requests_total[60s]))' }]
const PREVIEWS: Readonly<Record<keyof Links, (address: string) => (string | undefined)[]>> = {
  grafana: (address) => [grafanaExplore(address, EXAMPLE_QUERY, EXAMPLE)],
  tracing: (address) => [tracesOf(address, EXAMPLE), traceOf(address, EXAMPLE)],
}

export interface LinkFieldsProps {
  value: Links | undefined
  onChange: (link: keyof Links, address: string) => void
}

/** Addresses of other programs' consoles, each with the links that come of it. */
export function LinkFields({ value, onChange }: LinkFieldsProps) {
  const { t } = useTranslation('links')
  return (
    <WizardSection title={t('title')} help={t('what')}>
      {(['grafana', 'tracing'] as const).map((link) => (
        <LinkField key={link} link={link} address={value?.[link] ?? ''} onChange={(next) => onChange(link, next)} />
      ))}
    </WizardSection>
  )
}

interface LinkFieldProps {
  link: keyof Links
  address: string
  onChange: (address: string) => void
}

function LinkField({ link, address, onChange }: LinkFieldProps) {
  const { t } = useTranslation('links')
  const id = useId()
  const isGood = isOutsideLink(address)
  const fault = address !== '' && !isGood
  const previews = isGood ? PREVIEWS[link](address).filter((preview) => preview !== undefined) : []
  return (
    <WizardField id={id} label={t(`${link}.label`)} help={t(`${link}.help`)}>
      <Input
        id={id}
        type="url"
        value={address}
        placeholder={t(`${link}.placeholder`)}
        spellCheck={false}
        status={fault ? 'error' : ''}
        aria-invalid={fault}
        aria-describedby={`${id}-note`}
        onChange={({ target }) => onChange(target.value.trim())}
      />
      <div id={`${id}-note`} aria-live="polite">
        {fault && (
          <p className="md-fault" role="alert">
            {t('fault')}
          </p>
        )}
        {previews.map((preview) => (
          <p key={preview} className="md-muted md-words">
            {t('preview')}{' '}
            <a href={preview} target="_blank" rel="noreferrer">
              {preview}
            </a>
          </p>
        ))}
      </div>
    </WizardField>
  )
}
