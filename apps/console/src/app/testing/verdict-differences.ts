/** Where the console's forms are stricter than the server or the other way round, and why that is meant. */
export interface Explained {
  kind: string
  /** Begins a change of the corpus, which all its values share. */
  change: RegExp
  refusedBy: 'form' | 'server'
  why: string
}

export const EXPLAINED: readonly Explained[] = [
  {
    kind: 'VirtualService',
    change: /^http\[0\]\.match = \[\{"port":0\}\]/,
    refusedBy: 'form',
    why: 'Port 0 counts as none in Istio, so the condition would hold for every port: nobody means that.',
  },
  {
    kind: 'VirtualService',
    change: /^http\[0\]\.fault = \{"delay":\{"percentage"/,
    refusedBy: 'form',
    why: 'A delay without a time is taken and then left out by istiod.',
  },
  {
    kind: 'DestinationRule',
    change: /^trafficPolicy\.connectionPool\.tcp = \{"idleTimeout":"1us"\}/,
    refusedBy: 'form',
    why: 'A connection that is idle for less than a millisecond is every connection.',
  },
  {
    kind: 'Gateway',
    change: /^servers\[0\]\.port\.protocol = "(?:UDP|http)"/,
    refusedBy: 'form',
    why: 'Istio reads protocols in any case and takes UDP, which no proxy serves; the form offers what works, in capitals.',
  },
  {
    kind: 'ServiceEntry',
    change: /^ports = \[\{"number":443,"name":"tls","protocol":"(?:UDP|tcp)"/,
    refusedBy: 'form',
    why: 'As with gateways: UDP is taken and does nothing.',
  },
  {
    kind: 'ServiceEntry',
    change: /^ports = \[\]/,
    refusedBy: 'form',
    why: 'An entry without ports is taken, and nothing in it can be called.',
  },
  {
    kind: 'Sidecar',
    change: /^egress\[0\]\.port = \{"number":80,"protocol":"UDP"/,
    refusedBy: 'form',
    why: 'As with gateways: UDP is taken and does nothing.',
  },
  {
    kind: 'AuthorizationPolicy',
    change: /^rules\[0\]\.to = \[\{"operation":\{"ports":\["0"\]/,
    refusedBy: 'form',
    why: 'Nothing listens on port 0.',
  },
  {
    kind: 'RequestAuthentication',
    change: /^jwtRules\[0\]\.jwksUri = "https:\/\/(?:a:99999\/b)?"/,
    refusedBy: 'form',
    why: 'An address without a host, or with a port that cannot be: istiod takes it and never gets the keys.',
  },
  {
    kind: 'Telemetry',
    change: /^accessLogging\[0\]\.filter = \{"expression":"response\.code >="\}/,
    refusedBy: 'server',
    why: 'The form does not read CEL; the dry run of the review does.',
  },
  {
    kind: 'EnvoyFilter',
    change: /unheard\.Of/,
    refusedBy: 'server',
    why: 'What is patched in is Envoy’s own configuration, whose types the console does not know; the dry run does.',
  },
]
