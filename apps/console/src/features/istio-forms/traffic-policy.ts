import { field, type FieldSpec } from '../../resource-kit/form/field-spec.ts'

/** Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy */
const loadBalancer = field.group(
  'loadBalancer',
  [
    field.select('simple', ['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH'], { help: true }),
    field.group('consistentHash', [
      field.text('httpHeaderName'),
      field.text('httpQueryParameterName'),
      field.toggle('useSourceIp'),
      field.group(
        'httpCookie',
        [field.text('name', { required: true }), field.text('path'), field.text('ttl', { rule: 'zeroDuration' })],
        { start: { name: '', ttl: '0s' } },
      ),
      field.number('ringHash.minimumRingSize', { min: 1 }),
    ]),
    field.text('warmup.duration', { label: 'warmup', rule: 'duration', help: true }),
    field.group(
      'localityLbSetting',
      [
        field.toggle('enabled'),
        field.list(
          'distribute',
          [
            field.text('from', { label: 'fromRegion', required: true }),
            field.map('to', { label: 'distributeTo', numbers: true, help: true }),
          ],
          { from: '', to: {} },
        ),
        field.list(
          'failover',
          [
            field.text('from', { label: 'fromRegion', required: true }),
            field.text('to', { label: 'toRegion', required: true }),
          ],
          {
            from: '',
            to: '',
          },
        ),
        field.texts('failoverPriority', { help: true }),
      ],
      { start: { enabled: true }, help: true },
    ),
  ],
  { start: { simple: 'LEAST_REQUEST' } },
)

const connectionPool = field.group('connectionPool', [
  field.group(
    'tcp',
    [
      field.number('maxConnections', { min: 0 }),
      field.text('connectTimeout', { rule: 'duration' }),
      field.text('maxConnectionDuration', { rule: 'duration' }),
      field.text('idleTimeout', { rule: 'duration' }),
      field.group('tcpKeepalive', [
        field.number('probes', { min: 1 }),
        field.text('time', { label: 'keepaliveTime', rule: 'duration' }),
        field.text('interval', { rule: 'duration' }),
      ]),
    ],
    { label: 'tcpPool' },
  ),
  field.group(
    'http',
    [
      field.number('http1MaxPendingRequests', { min: 0 }),
      field.number('http2MaxRequests', { min: 0 }),
      field.number('maxRequestsPerConnection', { min: 0 }),
      field.number('maxRetries', { min: 0 }),
      field.number('maxConcurrentStreams', { min: 0 }),
      field.text('idleTimeout', { rule: 'duration' }),
      field.select('h2UpgradePolicy', ['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']),
      field.toggle('useClientProtocol'),
    ],
    { label: 'httpPool' },
  ),
])

const outlierDetection = field.group(
  'outlierDetection',
  [
    field.number('consecutive5xxErrors', { min: 0 }),
    field.number('consecutiveGatewayErrors', { min: 0 }),
    field.number('consecutiveLocalOriginFailures', { min: 0 }),
    field.toggle('splitExternalLocalOriginErrors'),
    field.text('interval', { rule: 'duration' }),
    field.text('baseEjectionTime', { rule: 'duration' }),
    field.number('maxEjectionPercent', { min: 0, max: 100 }),
    field.number('minHealthPercent', { min: 0, max: 100 }),
  ],
  { start: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 10 }, help: true },
)

const tls = field.group(
  'tls',
  [
    field.select('mode', ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'], { label: 'tlsMode' }),
    field.text('credentialName', { pick: 'secret' }),
    field.text('caCertificates'),
    field.text('clientCertificate'),
    field.text('privateKey'),
    field.text('sni'),
    field.texts('subjectAltNames'),
    field.toggle('insecureSkipVerify'),
  ],
  { label: 'clientTls', start: { mode: 'ISTIO_MUTUAL' } },
)

const ofPort: readonly FieldSpec[] = [loadBalancer, connectionPool, outlierDetection, tls]

/** How clients call a host: for all ports, and for single ones. */
export const trafficPolicy = field.group('trafficPolicy', [
  ...ofPort,
  field.select('proxyProtocol.version', ['V1', 'V2'], { label: 'proxyProtocol' }),
  field.list(
    'portLevelSettings',
    [field.number('port.number', { label: 'portNumber', min: 1, max: 65_535, required: true }), ...ofPort],
    { port: { number: 80 } },
    { help: true },
  ),
])
