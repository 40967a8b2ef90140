import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { fullGateway } from './choices.ts'
import { useForm } from './form-context.ts'
import { FormField, type FormFieldProps } from './form-field.tsx'
import { MESH_GATEWAY } from './virtual-service-view.ts'

export interface GatewaySelectProps extends Omit<FormFieldProps, 'children' | 'note'> {
  value: string[]
  onChange: (gateways: string[]) => void
  placeholder?: string
}

/** Chooses gateways of the cluster, `mesh` for all sidecars, or any name that is typed. */
export function GatewaySelect({ value, onChange, placeholder = '', ...field }: GatewaySelectProps) {
  const { t } = useTranslation('virtual-services')
  const { choices, namespace } = useForm()
  const { gateways, complete } = choices
  const known = gateways && new Set(gateways.map((each) => each.full))
  const missing =
    complete && known ? value.filter((each) => each !== MESH_GATEWAY && !known.has(fullGateway(each, namespace))) : []
  return (
    <FormField
      {...field}
      withItems
      note={
        missing.length === 0 ? undefined : t('missing.gateway', { count: missing.length, gateways: missing.join(', ') })
      }
    >
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
