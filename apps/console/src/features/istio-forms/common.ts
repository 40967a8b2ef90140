import { field, type FieldSpec } from '../../resource-kit/form/field-spec.ts'

/** Fields that several kinds share. */
export const exportTo = field.texts('exportTo', { pick: 'exportTo', help: true })
export const selector = field.map('selector.matchLabels', { label: 'selector', help: true })
/** Istio has two types of this name: those of rules about destinations say `matchLabels`, others `labels`. */
export const destinationRuleSelector = field.map('workloadSelector.matchLabels', {
  label: 'workloadSelector',
  help: true,
})
export const workloadSelector = field.map('workloadSelector.labels', { label: 'workloadSelector', help: true })
export const targetRefs = field.list(
  'targetRefs',
  [
    field.select('kind', ['Gateway', 'Service', 'ServiceEntry', 'GatewayClass']),
    field.text('group', { pick: ['gateway.networking.k8s.io', '', 'networking.istio.io'] }),
    field.text('name', { pick: 'target', rule: 'name', required: true }),
  ],
  { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: '' },
  { help: true },
)
/** Protocols of ports. Source: https://istio.io/latest/docs/reference/config/networking/gateway/#Port */
export const PORT_PROTOCOLS = ['HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'GRPC-WEB', 'MONGO', 'MYSQL', 'REDIS', 'TCP', 'TLS']

/** `isNamed`: any name will do, but there has to be one. */
export const port = ({ isNamed = false } = {}): FieldSpec[] => [
  field.number('port.number', { label: 'portNumber', min: 1, max: 65_535, required: true }),
  field.select('port.protocol', PORT_PROTOCOLS, { label: 'protocol' }),
  field.text('port.name', { label: 'portName', ...(isNamed ? { required: true } : { rule: 'label' }) }),
]
