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
  const { t } = useTranslation('virtual-services')
  const { gateways } = useForm().choices
  return (
    <FormField {...field} withItems>
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
