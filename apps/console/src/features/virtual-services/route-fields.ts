import { field, type FieldSpec } from '../../resource-kit/form/field-spec.ts'

const percent = (path: string): FieldSpec => field.number(path, { label: 'percentage', min: 0, max: 100 })
const headerChanges = (path: 'request' | 'response'): FieldSpec =>
  field.group(
    path,
    [
      field.map('set', { label: 'headersSet' }),
      field.map('add', { label: 'headersAdd' }),
      field.texts('remove', { label: 'headersRemove' }),
    ],
    { label: path === 'request' ? 'requestHeaders' : 'responseHeaders' },
  )

/** What a route can do beside sending requests on. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute */
export const ROUTE_FIELDS: readonly FieldSpec[] = [
  field.group('rewrite', [field.text('uri', { label: 'rewriteUri' }), field.text('authority')], {
    start: { uri: '/' },
  }),
  field.group(
    'redirect',
    [
      field.text('uri', { label: 'redirectUri' }),
      field.text('authority'),
      field.number('port', { label: 'portNumber', min: 1, max: 65_535 }),
      field.select('scheme', ['http', 'https']),
      field.number('redirectCode', { min: 300, max: 399 }),
    ],
    { start: { uri: '/', redirectCode: 301 }, help: true },
  ),
  field.group(
    'delegate',
    [
      field.text('name', { pick: 'virtualService', rule: 'name', required: true }),
      field.text('namespace', { pick: 'namespace' }),
    ],
    { start: { name: '' }, help: true },
  ),
  field.group(
    'fault',
    [
      field.group(
        'delay',
        [field.text('fixedDelay', { rule: 'duration', required: true }), percent('percentage.value')],
        { start: { fixedDelay: '5s', percentage: { value: 100 } } },
      ),
      field.group(
        'abort',
        [field.number('httpStatus', { min: 200, max: 600 }), field.text('grpcStatus'), percent('percentage.value')],
        { start: { httpStatus: 500, percentage: { value: 100 } } },
      ),
    ],
    { start: { delay: { fixedDelay: '5s', percentage: { value: 100 } } }, help: true },
  ),
  field.group(
    'mirror',
    [
      field.text('host', { label: 'destinationHost', pick: 'host', rule: 'host', required: true }),
      field.text('subset', { rule: 'label' }),
      field.number('port.number', { label: 'portNumber', min: 1, max: 65_535 }),
    ],
    { start: { host: '' }, help: true },
  ),
  field.number('mirrorPercentage.value', { label: 'mirrorPercentage', min: 0, max: 100 }),
  field.group('headers', [headerChanges('request'), headerChanges('response')], { label: 'headerChanges' }),
  field.group('corsPolicy', [
    field.list('allowOrigins', [field.text('exact'), field.text('prefix'), field.text('regex')], { exact: '' }),
    field.texts('allowMethods', { pick: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] }),
    field.texts('allowHeaders'),
    field.texts('exposeHeaders'),
    field.text('maxAge', { rule: 'duration' }),
    field.toggle('allowCredentials'),
  ]),
]

const destination: readonly FieldSpec[] = [
  field.text('destination.host', { label: 'destinationHost', pick: 'host', rule: 'host', required: true }),
  field.text('destination.subset', { label: 'subset', rule: 'label' }),
  field.number('destination.port.number', { label: 'portNumber', min: 1, max: 65_535 }),
  field.number('weight', { min: 0, max: 100 }),
]

/** What a virtual service has beside its HTTP routes. */
export const FURTHER_FIELDS: readonly FieldSpec[] = [
  field.list(
    'tls',
    [
      field.list(
        'match',
        [
          field.number('port', { label: 'portNumber', min: 1, max: 65_535 }),
          field.texts('sniHosts', { rule: 'anyHost', required: true }),
          field.texts('gateways', { pick: 'gateway' }),
          field.texts('destinationSubnets', { rule: 'address' }),
          field.map('sourceLabels'),
        ],
        { port: 443, sniHosts: [] },
        { label: 'tlsMatches', required: true },
      ),
      field.list('route', destination, { destination: { host: '' } }, { label: 'routeDestinations', required: true }),
    ],
    { match: [{ port: 443, sniHosts: [] }], route: [{ destination: { host: '' } }] },
    { label: 'tlsRoutes', ordered: true },
  ),
  field.list(
    'tcp',
    [
      field.list(
        'match',
        [
          field.number('port', { label: 'portNumber', min: 1, max: 65_535 }),
          field.texts('gateways', { pick: 'gateway' }),
          field.texts('destinationSubnets', { rule: 'address' }),
          field.map('sourceLabels'),
        ],
        { port: 3306 },
        { label: 'tcpMatches' },
      ),
      field.list('route', destination, { destination: { host: '' } }, { label: 'routeDestinations', required: true }),
    ],
    { match: [{ port: 3306 }], route: [{ destination: { host: '' } }] },
    { label: 'tcpRoutes', ordered: true },
  ),
  field.texts('exportTo', { pick: 'exportTo', help: true }),
]
