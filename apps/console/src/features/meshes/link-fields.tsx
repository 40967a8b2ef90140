import type { Mesh } from '@meshdeck/kube'
import Input from 'antd/es/input'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { grafanaExplore, isOutsideLink, tracesOf } from '../../lib/outside-links.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

type Links = NonNullable<Mesh['spec']['links']>

/** Of a service and an hour that anybody can imagine. */
const EXAMPLE = {
  service: 'reviews.shop',
  from: 1_764_000_000,
  to: 1_764_003_600,
}
const EXAMPLE_QUERY = [{ id: 'requests', promql: 'sum(rate(istio_requests_total[60s]))' }]
const PREVIEWS: Readonly<Record<keyof Links, (address: string) => string>> = {
  grafana: (address) => grafanaExplore(address, EXAMPLE_QUERY, EXAMPLE),
  tracing: (address) => tracesOf(address, EXAMPLE),
}

export interface LinkFieldsProps {
  value: Links | undefined
  onChange: (link: keyof Links, address: string) => void
}

/** Addresses of other programs' consoles, each with the link that comes of it. */
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
  const preview = isGood ? PREVIEWS[link](address) : undefined
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
        {preview !== undefined && (
          <p className="md-muted md-words">
            {t('preview')}{' '}
            <a href={preview} target="_blank" rel="noreferrer">
              {preview}
            </a>
          </p>
        )}
      </div>
    </WizardField>
  )
}
