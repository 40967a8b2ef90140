import { PROXY_LOG_LEVELS } from '@meshdeck/mesh'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { InstallDraft } from './install-draft.ts'
import type { StepProps } from './install-step.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const
const QUANTITIES = [
  ['cpuRequest', '100m'],
  ['cpuLimit', '2000m'],
  ['memoryRequest', '128Mi'],
  ['memoryLimit', '1024Mi'],
] as const

/** Proxies of the mesh where nothing else is said for a namespace or a workload. */
export function InstallSidecars({ draft, change, problems }: StepProps) {
  const { t } = useTranslation('meshes')
  const id = useId()
  return (
    <WizardSection title={t('wizard.steps.sidecars')}>
      <div className="md-head-wide">
        <Checkbox
          checked={draft.injectByDefault && !draft.ambient}
          disabled={draft.ambient}
          onChange={({ target }) => change({ injectByDefault: target.checked })}
        >
          {t('wizard.injectByDefault')}{' '}
          <span className="md-muted">
            {draft.ambient ? t('wizard.injectNotAmbient') : t('wizard.injectByDefaultHelp')}
          </span>
        </Checkbox>
      </div>
      <WizardField id={`${id}-discovery`} label={t('wizard.discovery')} help={t('wizard.discoveryHelp')}>
        <Select
          id={`${id}-discovery`}
          value={draft.discovery}
          options={(['All', 'Local'] as const).map((value) => ({ value, label: t(`wizard.discoveries.${value}`) }))}
          onChange={(discovery: InstallDraft['discovery']) => change({ discovery })}
        />
      </WizardField>
      <WizardField id={`${id}-log`} label={t('wizard.logLevel')}>
        <Select
          id={`${id}-log`}
          value={draft.logLevel}
          options={['', ...PROXY_LOG_LEVELS].map((value) => ({ value, label: value || t('wizard.asIstio') }))}
          onChange={(logLevel: string) => change({ logLevel })}
        />
      </WizardField>
      <WizardField id={`${id}-pull`} label={t('wizard.pullPolicy')}>
        <Select
          id={`${id}-pull`}
          value={draft.imagePullPolicy}
          options={(['', ...PULL_POLICIES] as const).map((value) => ({ value, label: value || t('wizard.asIstio') }))}
          onChange={(imagePullPolicy: InstallDraft['imagePullPolicy']) => change({ imagePullPolicy })}
        />
      </WizardField>
      {QUANTITIES.map(([field, standard], index) => (
        <WizardField
          key={field}
          id={`${id}-${field}`}
          label={t(`wizard.resources.${field}`)}
          {...(index === 0 ? { problem: problems.resources } : {})}
        >
          <Input
            id={`${id}-${field}`}
            value={draft.resources[field]}
            placeholder={standard}
            onChange={({ target }) => change({ resources: { ...draft.resources, [field]: target.value } })}
          />
        </WizardField>
      ))}
    </WizardSection>
  )
}
