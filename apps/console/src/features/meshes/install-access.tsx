import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepProps } from './install-step.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

const TYPES = ['LoadBalancer', 'NodePort', 'ClusterIP'] as const

/** How members of a managed mesh come to istiod, and whom the mesh trusts. */
export function InstallAccess({ draft, change, problems }: StepProps) {
  const { t } = useTranslation('meshes')
  const id = useId()
  const { access, authority } = draft
  return (
    <>
      <WizardSection title={t('wizard.access')} help={t('wizard.accessHelp')}>
        <WizardField id={`${id}-type`} label={t('wizard.accessType')}>
          <Select
            id={`${id}-type`}
            value={access.type}
            options={TYPES.map((value) => ({ value, label: t(`wizard.accessTypes.${value}`) }))}
            onChange={(type: (typeof TYPES)[number]) => change({ access: { ...access, type } })}
          />
        </WizardField>
        <WizardField
          id={`${id}-address`}
          label={t('wizard.address')}
          help={t('wizard.addressHelp')}
          problem={problems.address}
        >
          <Input
            id={`${id}-address`}
            value={access.address}
            onChange={({ target }) => change({ access: { ...access, address: target.value } })}
          />
        </WizardField>
        <WizardField
          id={`${id}-annotations`}
          label={t('wizard.annotations')}
          help={t('wizard.annotationsHelp')}
          problem={problems.annotations}
        >
          <Input.TextArea
            id={`${id}-annotations`}
            rows={2}
            value={access.annotations}
            onChange={({ target }) => change({ access: { ...access, annotations: target.value } })}
          />
        </WizardField>
      </WizardSection>
      <WizardSection title={t('wizard.trust')}>
        <WizardField
          id={`${id}-authority`}
          label={t('wizard.authority')}
          help={t('wizard.authorityHelp')}
          problem={problems.authority}
        >
          <Input
            id={`${id}-authority`}
            value={authority}
            onChange={({ target }) => change({ authority: target.value })}
          />
        </WizardField>
      </WizardSection>
    </>
  )
}
