import { MESH_SIZES, type MeshSize } from '@meshdeck/kube'
import { ISTIOD_RESOURCES } from '@meshdeck/mesh'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { InstallAccess } from './install-access.tsx'
import type { StepProps } from './install-step.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

const ISTIOD_FIELDS = ['cpuRequest', 'cpuLimit', 'memoryRequest', 'memoryLimit'] as const

/** How large the control plane is laid out, and where traces go. */
export function InstallSystem({ draft, change, problems }: StepProps) {
  const { t } = useTranslation('meshes')
  const id = useId()
  const { tracing } = draft
  return (
    <>
      <section className="md-card">
        <header>
          <h2>{t('wizard.size')}</h2>
          <span className="md-muted">{t('wizard.sizeHelp')}</span>
        </header>
        <div className="md-card-body md-stack">
          <fieldset className="md-choices">
            <legend className="md-visually-hidden">{t('wizard.size')}</legend>
            {MESH_SIZES.map((size) => (
              <SizeChoice
                key={size}
                size={size}
                group={`${id}-size`}
                checked={draft.size === size}
                onPick={() => change({ size })}
              />
            ))}
          </fieldset>
          <Checkbox
            checked={draft.highAvailability}
            onChange={({ target }) => change({ highAvailability: target.checked })}
          >
            {t('wizard.highAvailability')} <span className="md-muted">{t('wizard.highAvailabilityHelp')}</span>
          </Checkbox>
        </div>
      </section>
      <WizardSection title={t('wizard.istiod')} help={t('wizard.istiodHelp')}>
        {ISTIOD_FIELDS.map((field, index) => (
          <WizardField
            key={field}
            id={`${id}-${field}`}
            label={t(`wizard.resources.${field}`)}
            {...(index === 0 ? { problem: problems.istiod } : {})}
          >
            <Input
              id={`${id}-${field}`}
              value={draft.istiod[field]}
              onChange={({ target }) => change({ istiod: { ...draft.istiod, [field]: target.value } })}
            />
          </WizardField>
        ))}
      </WizardSection>
      {draft.mode === 'Managed' && <InstallAccess draft={draft} change={change} problems={problems} />}
      <WizardSection title={t('wizard.tracing')}>
        <div className="md-head-wide">
          <Checkbox
            checked={tracing.enabled}
            onChange={({ target }) => change({ tracing: { ...tracing, enabled: target.checked } })}
          >
            {t('wizard.tracingOn')} <span className="md-muted">{t('wizard.tracingHelp')}</span>
          </Checkbox>
        </div>
        {tracing.enabled && (
          <>
            <WizardField
              id={`${id}-collector`}
              label={t('wizard.collector')}
              help={t('wizard.collectorHelp')}
              problem={problems.tracing}
            >
              <Input
                id={`${id}-collector`}
                value={tracing.service}
                placeholder="collector.observability.svc.cluster.local"
                onChange={({ target }) => change({ tracing: { ...tracing, service: target.value } })}
              />
            </WizardField>
            <WizardField id={`${id}-port`} label={t('wizard.port')}>
              <InputNumber
                id={`${id}-port`}
                min={1}
                max={65535}
                precision={0}
                value={tracing.port}
                onChange={(port) => change({ tracing: { ...tracing, port: port ?? 4317 } })}
              />
            </WizardField>
            <WizardField id={`${id}-sampling`} label={t('wizard.sampling')} problem={problems.sampling}>
              <InputNumber
                id={`${id}-sampling`}
                min={0}
                max={100}
                value={tracing.sampling}
                onChange={(sampling) => change({ tracing: { ...tracing, sampling: sampling ?? 1 } })}
              />
            </WizardField>
          </>
        )}
      </WizardSection>
    </>
  )
}

interface SizeChoiceProps {
  size: MeshSize
  group: string
  checked: boolean
  onPick: () => void
}

function SizeChoice({ size, group, checked, onPick }: SizeChoiceProps) {
  const { t } = useTranslation('meshes')
  const [, services = '', pods = ''] = /^S(\d+)P(\d+)$/.exec(size) ?? []
  const { requests, limits } = ISTIOD_RESOURCES[size]
  return (
    <label className="md-choice">
      <input type="radio" name={group} checked={checked} onChange={onPick} />
      <strong>{size}</strong>
      <span>{t('wizard.upTo', { services: Number(services), pods: Number(pods) })}</span>
      <span className="md-muted">
        {t('wizard.istiodGets', {
          cpu: `${requests.cpu}–${limits.cpu}`,
          memory: `${requests.memory}–${limits.memory}`,
        })}
      </span>
    </label>
  )
}
