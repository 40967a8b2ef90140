/** How a field of the form of a virtual service is worked. */
type Control = 'text' | 'texts' | 'number' | 'check'

/** One field that is not described as data: where it stands in the form and in the document. */
export interface WrittenField {
  /** Below `spec`, `[]` for any element of a list: `http[].timeout`. */
  path: string
  /** The part of the form that it stands in. */
  part: 'form' | 'route' | 'match' | 'destination'
  /** Key of its words in the locale `virtual-services`; empty where the words of the condition are all. */
  label: string
  /** Of a condition of a match: key of its own words. It goes by its own button, and stays when its text is emptied. */
  condition?: string
  control: Control
  /** Below `spec` in the document of the test. */
  at: readonly (string | number)[]
  /** What another value is, beside the one that stands there. */
  next: unknown
}

const ROUTE = ['http', 1] as const
const MATCH = [...ROUTE, 'match', 1] as const
const DESTINATION = [...ROUTE, 'route', 1] as const

const condition = (
  field: string,
  rest: readonly string[],
  next: unknown = 'other',
  control: Control = 'text',
  label = 'matches.value',
): WrittenField => ({
  path: `http[].match[].${field}`,
  part: 'match',
  label,
  condition: `matches.fields.${field}`,
  control,
  at: [...MATCH, field, ...rest],
  next,
})

/** The document of the test: of two elements the second has everything. */
export const WRITTEN_SPEC: Readonly<Record<string, unknown>> = {
  hosts: ['web'],
  gateways: ['edge'],
  http: [
    {},
    {
      name: 'second',
      match: [
        {},
        {
          uri: { prefix: '/cart' },
          ignoreUriCase: true,
          method: { exact: 'PUT' },
          authority: { exact: 'shop.example' },
          scheme: { regex: 'https?' },
          headers: { 'x-a': { exact: 'one' } },
          withoutHeaders: { 'x-b': { prefix: 'two' } },
          queryParams: { q: { regex: '.*' } },
          sourceLabels: { app: 'front' },
          sourceNamespace: 'bank',
          port: 8080,
          gateways: ['side'],
        },
      ],
      route: [
        { destination: { host: 'web' }, weight: 40 },
        { destination: { host: 'cart', subset: 'v2', port: { number: 81 } }, weight: 60 },
      ],
      timeout: '5s',
      retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx' },
    },
  ],
}

/** Every field of the form that is not described as data. */
export const WRITTEN_FIELDS: readonly WrittenField[] = [
  { path: 'hosts', part: 'form', label: 'hosts.title', control: 'texts', at: ['hosts'], next: 'api' },
  { path: 'gateways', part: 'form', label: 'gateways.title', control: 'texts', at: ['gateways'], next: 'mesh' },
  { path: 'http[].name', part: 'route', label: 'routes.name', control: 'text', at: [...ROUTE, 'name'], next: 'other' },
  condition('uri', ['prefix'], '/other'),
  condition('method', ['exact'], 'GET'),
  condition('authority', ['exact']),
  condition('scheme', ['regex']),
  condition('headers', ['x-a', 'exact']),
  condition('withoutHeaders', ['x-b', 'prefix']),
  condition('queryParams', ['q', 'regex']),
  condition('sourceLabels', ['app']),
  condition('sourceNamespace', [], 'other', 'text', ''),
  condition('port', [], 9090, 'number', ''),
  condition('gateways', [], 'edge', 'texts', ''),
  {
    path: 'http[].match[].ignoreUriCase',
    part: 'match',
    label: 'matches.ignoreUriCase',
    control: 'check',
    at: [...MATCH, 'ignoreUriCase'],
    next: undefined,
  },
  {
    path: 'http[].route[].destination.host',
    part: 'destination',
    label: 'destinations.host',
    control: 'text',
    at: [...DESTINATION, 'destination', 'host'],
    next: 'api',
  },
  {
    path: 'http[].route[].destination.subset',
    part: 'destination',
    label: 'destinations.subset',
    control: 'text',
    at: [...DESTINATION, 'destination', 'subset'],
    next: 'v3',
  },
  {
    path: 'http[].route[].destination.port.number',
    part: 'destination',
    label: 'destinations.port',
    control: 'number',
    at: [...DESTINATION, 'destination', 'port', 'number'],
    next: 82,
  },
  {
    path: 'http[].route[].weight',
    part: 'destination',
    label: 'destinations.weight',
    control: 'number',
    at: [...DESTINATION, 'weight'],
    next: 50,
  },
  {
    path: 'http[].timeout',
    part: 'route',
    label: 'limits.timeout',
    control: 'text',
    at: [...ROUTE, 'timeout'],
    next: '9s',
  },
  {
    path: 'http[].retries',
    part: 'route',
    label: 'limits.retries',
    control: 'check',
    at: [...ROUTE, 'retries'],
    next: undefined,
  },
  {
    path: 'http[].retries.attempts',
    part: 'route',
    label: 'limits.attempts',
    control: 'number',
    at: [...ROUTE, 'retries', 'attempts'],
    next: 4,
  },
  {
    path: 'http[].retries.perTryTimeout',
    part: 'route',
    label: 'limits.perTryTimeout',
    control: 'text',
    at: [...ROUTE, 'retries', 'perTryTimeout'],
    next: '1s',
  },
  {
    path: 'http[].retries.retryOn',
    part: 'route',
    label: 'limits.retryOn',
    control: 'texts',
    at: [...ROUTE, 'retries', 'retryOn'],
    next: 'reset',
  },
]
