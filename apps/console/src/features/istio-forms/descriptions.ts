import { field, type FieldSpec } from '../../resource-kit/form/field-spec.ts'
import { destinationRuleSelector, exportTo, port, selector, targetRefs, workloadSelector } from './common.ts'
import { trafficPolicy } from './traffic-policy.ts'

/** The forms of Istio's and the Gateway API's kinds, as lists of fields below `spec`. Sources: Istio's and the Gateway API's references. */
export const DESCRIPTIONS = {
  DestinationRule: [
    field.text('host', { pick: 'host', rule: 'anyHost', required: true, help: true }),
    field.list(
      'subsets',
      [field.text('name', { rule: 'label', required: true }), field.map('labels', { help: true }), trafficPolicy],
      { name: '', labels: { version: 'v1' } },
    ),
    trafficPolicy,
    exportTo,
    destinationRuleSelector,
  ],
  Gateway: [
    field.map('selector', { label: 'gatewaySelector', pick: 'gatewayLabels', help: true }),
    field.list(
      'servers',
      [
        ...port({ isNamed: true }),
        field.texts('hosts', { rule: 'scopedHost', required: true, help: true }),
        field.text('name', { label: 'serverName' }),
        field.text('bind', { rule: 'address' }),
        field.group(
          'tls',
          [
            field.select(
              'mode',
              ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL', 'PASSTHROUGH', 'AUTO_PASSTHROUGH'],
              { label: 'tlsMode' },
            ),
            field.text('credentialName', { pick: 'secret', help: true }),
            field.toggle('httpsRedirect'),
            field.select('minProtocolVersion', ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']),
            field.select('maxProtocolVersion', ['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']),
            field.texts('cipherSuites'),
            field.texts('subjectAltNames'),
            field.text('serverCertificate'),
            field.text('privateKey'),
            field.text('caCertificates'),
          ],
          { label: 'serverTls', start: { mode: 'SIMPLE', credentialName: '' } },
        ),
      ],
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [] },
      { required: true },
    ),
  ],
  ServiceEntry: [
    field.texts('hosts', { rule: 'anyHost', required: true }),
    field.texts('addresses', { rule: 'address', help: true }),
    field.list(
      'ports',
      [
        field.number('number', { label: 'portNumber', min: 1, max: 65_535, required: true }),
        field.select('protocol', ['HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'MONGO', 'TCP', 'TLS']),
        field.text('name', { label: 'portName', rule: 'label', required: true }),
        field.number('targetPort', { min: 1, max: 65_535 }),
      ],
      { number: 443, name: 'https', protocol: 'TLS' },
      { required: true },
    ),
    field.select('location', ['MESH_EXTERNAL', 'MESH_INTERNAL']),
    field.select('resolution', ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'], { help: true }),
    field.list(
      'endpoints',
      [
        field.text('address', { rule: 'hostOrAddress', required: true }),
        field.map('ports', { label: 'endpointPorts', numbers: true, help: true }),
        field.map('labels'),
        field.text('network'),
        field.text('locality'),
        field.number('weight', { min: 0 }),
        field.text('serviceAccount'),
      ],
      { address: '' },
      { help: true },
    ),
    workloadSelector,
    field.texts('subjectAltNames'),
    exportTo,
  ],
  PeerAuthentication: [
    selector,
    field.select('mtls.mode', ['UNSET', 'PERMISSIVE', 'STRICT', 'DISABLE'], { label: 'mtlsMode', help: true }),
    field.entries(
      'portLevelMtls',
      'port',
      [field.select('mode', ['UNSET', 'PERMISSIVE', 'STRICT', 'DISABLE'], { label: 'mtlsMode' })],
      { mode: 'STRICT' },
    ),
  ],
  RequestAuthentication: [
    selector,
    targetRefs,
    field.list(
      'jwtRules',
      [
        field.text('issuer', { required: true }),
        field.texts('audiences'),
        field.text('jwksUri', { rule: 'url', help: true }),
        field.text('jwks', { long: true }),
        field.list('fromHeaders', [field.text('name', { required: true }), field.text('prefix')], { name: '' }),
        field.texts('fromParams'),
        field.texts('fromCookies'),
        field.text('outputPayloadToHeader'),
        field.list(
          'outputClaimToHeaders',
          [field.text('header', { required: true }), field.text('claim', { required: true })],
          { header: '', claim: '' },
        ),
        field.toggle('forwardOriginalToken'),
        field.text('timeout', { rule: 'duration' }),
      ],
      { issuer: '' },
      { help: true },
    ),
  ],
  AuthorizationPolicy: [
    field.select('action', ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'], { help: true }),
    field.text('provider.name', { label: 'provider', help: true }),
    selector,
    targetRefs,
    field.list(
      'rules',
      [
        field.list(
          'from',
          [
            field.texts('source.principals', { pick: 'principal', help: true }),
            field.texts('source.notPrincipals', { pick: 'principal' }),
            field.texts('source.requestPrincipals', { help: true }),
            field.texts('source.notRequestPrincipals'),
            field.texts('source.namespaces', { pick: 'namespace', help: true }),
            field.texts('source.notNamespaces', { pick: 'namespace' }),
            field.texts('source.serviceAccounts'),
            field.texts('source.notServiceAccounts'),
            field.texts('source.ipBlocks', { rule: 'address', help: true }),
            field.texts('source.notIpBlocks', { rule: 'address' }),
            field.texts('source.remoteIpBlocks', { rule: 'address', help: true }),
            field.texts('source.notRemoteIpBlocks', { rule: 'address' }),
          ],
          { source: {} },
          { help: true },
        ),
        field.list(
          'to',
          [
            field.texts('operation.hosts', { label: 'operationHosts', help: true }),
            field.texts('operation.notHosts'),
            field.texts('operation.ports', { label: 'operationPorts', rule: 'port', help: true }),
            field.texts('operation.notPorts', { rule: 'port' }),
            field.texts('operation.methods', {
              pick: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'],
              help: true,
            }),
            field.texts('operation.notMethods', {
              pick: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'],
            }),
            field.texts('operation.paths', { help: true }),
            field.texts('operation.notPaths'),
          ],
          { operation: {} },
          { help: true },
        ),
        field.list(
          'when',
          [
            field.text('key', {
              label: 'whenKey',
              required: true,
              help: true,
              // Source: https://istio.io/latest/docs/reference/config/security/conditions/
              pick: [
                'request.headers[X-Name]',
                'source.ip',
                'remote.ip',
                'source.namespace',
                'source.principal',
                'source.serviceAccount',
                'request.auth.principal',
                'request.auth.audiences',
                'request.auth.presenter',
                'request.auth.claims[iss]',
                'destination.ip',
                'destination.port',
                'connection.sni',
                'experimental.envoy.filters.a.b[c]',
              ],
            }),
            field.texts('values'),
            field.texts('notValues'),
          ],
          { key: '', values: [] },
          { help: true },
        ),
      ],
      {},
      { help: true },
    ),
  ],
  Sidecar: [
    workloadSelector,
    field.list(
      'egress',
      [
        field.texts('hosts', { label: 'egressHosts', rule: 'scopedHost', required: true, help: true }),
        field.group('port', [
          field.number('number', { label: 'portNumber', min: 1, max: 65_535 }),
          field.select('protocol', ['HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'MONGO', 'TCP', 'TLS']),
          field.text('name', { label: 'portName' }),
        ]),
        field.text('bind'),
        field.select('captureMode', ['DEFAULT', 'IPTABLES', 'NONE']),
      ],
      { hosts: ['./*'] },
    ),
    field.list(
      'ingress',
      [
        ...port(),
        field.text('bind'),
        field.select('captureMode', ['DEFAULT', 'IPTABLES', 'NONE']),
        field.text('defaultEndpoint', { help: true }),
      ],
      { port: { number: 8080, protocol: 'HTTP', name: 'http' } },
    ),
    field.select('outboundTrafficPolicy.mode', ['ALLOW_ANY', 'REGISTRY_ONLY'], { label: 'outboundMode', help: true }),
  ],
  Telemetry: [
    selector,
    targetRefs,
    field.list(
      'tracing',
      [
        field.list('providers', [field.text('name', { required: true })], { name: '' }),
        field.number('randomSamplingPercentage', { min: 0, max: 100 }),
        field.toggle('disableSpanReporting'),
        field.select('match.mode', ['CLIENT_AND_SERVER', 'CLIENT', 'SERVER'], { label: 'matchMode' }),
      ],
      { randomSamplingPercentage: 1 },
    ),
    field.list(
      'metrics',
      [
        field.list('providers', [field.text('name', { required: true })], { name: 'prometheus' }),
        field.list(
          'overrides',
          [
            field.select('match.metric', [
              'ALL_METRICS',
              'REQUEST_COUNT',
              'REQUEST_DURATION',
              'REQUEST_SIZE',
              'RESPONSE_SIZE',
              'TCP_OPENED_CONNECTIONS',
              'TCP_CLOSED_CONNECTIONS',
              'TCP_SENT_BYTES',
              'TCP_RECEIVED_BYTES',
              'GRPC_REQUEST_MESSAGES',
              'GRPC_RESPONSE_MESSAGES',
            ]),
            field.select('match.mode', ['CLIENT_AND_SERVER', 'CLIENT', 'SERVER'], { label: 'matchMode' }),
            field.toggle('disabled'),
            field.entries(
              'tagOverrides',
              'name',
              [field.select('operation', ['UPSERT', 'REMOVE']), field.text('value')],
              { operation: 'REMOVE' },
            ),
          ],
          { match: { metric: 'ALL_METRICS' } },
        ),
      ],
      { providers: [{ name: 'prometheus' }] },
    ),
    field.list(
      'accessLogging',
      [
        field.list('providers', [field.text('name', { required: true })], { name: 'envoy' }),
        field.toggle('disabled'),
        field.select('match.mode', ['CLIENT_AND_SERVER', 'CLIENT', 'SERVER'], { label: 'matchMode' }),
        field.text('filter.expression', { label: 'logFilter', help: true }),
      ],
      { providers: [{ name: 'envoy' }] },
    ),
  ],
  HTTPRoute: [
    field.list(
      'parentRefs',
      [
        field.select('kind', ['Gateway', 'Service']),
        field.text('name', { pick: 'parent', rule: 'name', required: true }),
        field.text('namespace', { pick: 'namespace' }),
        field.text('sectionName'),
        field.number('port', { label: 'portNumber', min: 1, max: 65_535 }),
      ],
      { name: '' },
      { required: true },
    ),
    field.texts('hostnames', { rule: 'anyHost' }),
    field.list(
      'rules',
      [
        field.list(
          'matches',
          [
            field.select('path.type', ['PathPrefix', 'Exact', 'RegularExpression'], { label: 'pathType' }),
            field.text('path.value', { label: 'pathValue' }),
            field.select('method', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']),
            field.list(
              'headers',
              [
                field.select('type', ['Exact', 'RegularExpression']),
                field.text('name', { required: true }),
                field.text('value', { required: true }),
              ],
              { name: '', value: '' },
              { label: 'headerMatches' },
            ),
            field.list(
              'queryParams',
              [
                field.select('type', ['Exact', 'RegularExpression']),
                field.text('name', { required: true }),
                field.text('value', { required: true }),
              ],
              { name: '', value: '' },
            ),
          ],
          { path: { type: 'PathPrefix', value: '/' } },
        ),
        field.list(
          'backendRefs',
          [
            field.text('name', { label: 'serviceName', pick: 'service', rule: 'name', required: true }),
            field.text('namespace', { pick: 'namespace' }),
            field.number('port', { label: 'portNumber', min: 1, max: 65_535, required: true }),
            field.number('weight', { min: 0 }),
          ],
          { name: '', port: 80 },
        ),
        field.group('timeouts', [
          field.text('request', { label: 'requestTimeout', rule: 'duration' }),
          field.text('backendRequest', { rule: 'duration' }),
        ]),
      ],
      { backendRefs: [{ name: '', port: 80 }] },
      { ordered: true, label: 'routeRules' },
    ),
  ],
  K8sGateway: [
    field.text('gatewayClassName', { pick: ['istio', 'istio-waypoint', 'istio-remote'], required: true }),
    field.list(
      'listeners',
      [
        field.text('name', { rule: 'name', required: true }),
        field.number('port', { label: 'portNumber', min: 1, max: 65_535, required: true }),
        field.select('protocol', ['HTTP', 'HTTPS', 'TLS', 'TCP', 'HBONE']),
        field.text('hostname', { rule: 'anyHost' }),
        field.group(
          'tls',
          [
            field.select('mode', ['Terminate', 'Passthrough'], { label: 'tlsMode' }),
            field.list(
              'certificateRefs',
              [field.text('name', { pick: 'secret', required: true }), field.text('namespace', { pick: 'namespace' })],
              { name: '' },
            ),
          ],
          { label: 'serverTls', start: { mode: 'Terminate', certificateRefs: [{ name: '' }] } },
        ),
        field.select('allowedRoutes.namespaces.from', ['Same', 'All', 'Selector'], { label: 'allowedFrom' }),
      ],
      { name: 'http', port: 80, protocol: 'HTTP' },
      { required: true },
    ),
    field.list(
      'addresses',
      [field.select('type', ['IPAddress', 'Hostname']), field.text('value', { required: true })],
      { type: 'IPAddress', value: '' },
      { label: 'gatewayAddresses' },
    ),
  ],
} as const satisfies Record<string, readonly FieldSpec[]>

export type DescribedKind = keyof typeof DESCRIPTIONS
