import { entries, fields, isEmpty, number, text, type Fields } from '../analysis/read.ts'
import { labelFaults, selectorFaults } from './common-faults.ts'
import { optionFaults, portFaults, tooLong, when, type ObjectFault } from './fault.ts'
import { isHostOrAddress } from './hosts.ts'

const UNIX = 'unix://'
const PORT_NAME = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/
const MAX_PORT_NAME = 62

/** Source: Istio, `validateWorkloadEntry`, and the CRD's own rules. */
export function workloadEntryFaults(spec: Fields): ObjectFault[] {
  const address = text(spec['address'])
  const isUnix = address.startsWith(UNIX)
  return [
    ...when(address === '' && text(spec['network']) === '', 'spec.address', 'required'),
    ...when(
      address !== '' && !isUnix && (address.startsWith('*') || !isHostOrAddress(address)),
      'spec.address',
      'endpointAddress',
    ),
    ...placeFaults(spec, 'spec'),
    ...ownLabelFaults(spec['labels'], 'spec.labels'),
  ]
}

const LABEL_KEY = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

/** Labels that an entry has, as those of a pod. */
const ownLabelFaults = (labels: unknown, field: string): ObjectFault[] => [
  ...when(
    Object.keys(fields(labels)).some((key) => !LABEL_KEY.test(key)),
    field,
    'labelName',
  ),
  ...labelFaults(labels, field),
]

/** What entries and the template of a group have in common. */
function placeFaults(spec: Fields, field: string): ObjectFault[] {
  const address = text(spec['address'])
  const isUnix = address.startsWith(UNIX)
  const path = address.slice(UNIX.length)
  return [
    ...when(isUnix && (!/^[/@]/.test(path) || address.endsWith('/')), `${field}.address`, 'unixAddress'),
    ...when(isUnix && !isEmpty(spec['ports']), `${field}.ports`, 'unixPorts'),
    ...tooLong(spec['address'], 256, `${field}.address`),
    ...tooLong(spec['serviceAccount'], 253, `${field}.serviceAccount`),
    ...Object.entries(fields(spec['ports'])).flatMap(([name, port]) => [
      ...when(name.length > MAX_PORT_NAME || !PORT_NAME.test(name), `${field}.ports`, 'portName'),
      ...portFaults(port, `${field}.ports.${name}`),
    ]),
    ...when((number(spec['weight']) ?? 0) < 0, `${field}.weight`, 'negative'),
  ]
}

const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'] as const
const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const

/** Source: Istio, `ValidateWorkloadGroup`, `validateReadinessProbe`, and the CRD's own rules. */
export function workloadGroupFaults(spec: Fields): ObjectFault[] {
  return [
    ...when(spec['template'] === undefined, 'spec.template', 'required'),
    ...placeFaults(fields(spec['template']), 'spec.template'),
    ...ownLabelFaults(fields(spec['metadata'])['labels'], 'spec.metadata.labels'),
    ...(spec['probe'] === undefined ? [] : probeFaults(fields(spec['probe']))),
  ]
}

function probeFaults(probe: Fields): ObjectFault[] {
  const field = 'spec.probe'
  const [http, tcp, grpc] = [fields(probe['httpGet']), fields(probe['tcpSocket']), fields(probe['grpc'])]
  const given = METHODS.filter((method) => probe[method] !== undefined)
  return [
    // istiod does not know the method grpc, though its definition has it.
    ...when(given.length !== 1 || given[0] === 'grpc', field, 'probeMethod'),
    ...COUNTS.flatMap((name) => when((number(probe[name]) ?? signOf(probe[name])) < 0, `${field}.${name}`, 'negative')),
    ...(probe['httpGet'] === undefined ? [] : portFaults(http['port'], `${field}.httpGet.port`)),
    ...(probe['tcpSocket'] === undefined ? [] : portFaults(tcp['port'], `${field}.tcpSocket.port`)),
    ...(probe['grpc'] === undefined ? [] : portFaults(grpc['port'], `${field}.grpc.port`)),
    ...optionFaults(http['scheme'], ['', 'HTTP', 'HTTPS'], `${field}.httpGet.scheme`),
    ...entries(http['httpHeaders']).flatMap(({ at, value }) =>
      when(!/^[-_A-Za-z0-9]+$/.test(text(value['name'])), `${field}.httpGet.httpHeaders[${at}].name`, 'headerName'),
    ),
    ...when(
      probe['exec'] !== undefined &&
        (!Array.isArray(fields(probe['exec'])['command']) ||
          entries(fields(probe['exec'])['command']).length === 0 ||
          JSON.stringify(fields(probe['exec'])['command']).includes('""')),
      `${field}.exec.command`,
      'required',
    ),
  ]
}

const signOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Source: Istio, `ValidateProxyConfig`. */
export function proxyConfigFaults(spec: Fields): ObjectFault[] {
  return [
    ...selectorFaults(fields(spec['selector'])['matchLabels'], 'spec.selector.matchLabels'),
    ...when(signOf(spec['concurrency']) < 0, 'spec.concurrency', 'negative'),
  ]
}
