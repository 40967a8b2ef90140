import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { useForm } from './form-context.ts'
import { FormField, type FormFieldProps } from '../../resource-kit/form/form-field.tsx'
import { MESH_GATEWAY } from './virtual-service-view.ts'

export interface GatewaySelectProps extends Omit<FormFieldProps, 'children' | 'note'> {
  value: string[]
  onChange: (gateways: string[]) => void
  placeholder?: string
}

/** Chooses gateways of the cluster, `mesh` for all sidecars, or any name that is typed. */
export function GatewaySelect({ value, onChange, placeholder = '', ...field }: GatewaySelectProps) {
  const { t } = useTranslation(['virtual-services', 'forms'])
  const { choices, namespace } = useForm()
  const { gateways } = choices
  const isThere = (name: string): boolean =>
    name === MESH_GATEWAY ||
    gateways === undefined ||
    gateways.some(({ full }) => full === (name.includes('/') ? name : `${namespace}/${name}`))
  const missing = value.filter((name) => !isThere(name)).map((name) => t('forms:missing.gateway', { name }))
  return (
    <FormField {...field} withItems missing={missing}>
      {(control) => (
        <Select
          {...control}
          mode="tags"
          value={value}
          placeholder={placeholder}
          tokenSeparators={[',', ' ']}
          options={[
            { value: MESH_GATEWAY, label: t('gateways.mesh') },
            ...(gateways ?? []).map(({ name, hosts }) => ({
              value: name,
              label: hosts.length === 0 ? name : `${name} (${hosts.join(', ')})`,
            })),
          ]}
          optionLabelProp="value"
          onChange={onChange}
        />
      )}
    </FormField>
  )
}
