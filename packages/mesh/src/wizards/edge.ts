import { serviceHost } from '../analysis/hosts.ts'
import { fields, items, number, text, texts, type Fields } from '../analysis/read.ts'
import { editCatchAll } from './host-rules.ts'
import { readAnswers } from './read-answers.ts'
import {
  freeName,
  made,
  oldest,
  realChanges,
  type Wizard,
  type WizardChange,
  type WizardService,
  type WizardWorld,
} from './wizard.ts'

const MAX_PORT = 65_535

interface Exposure {
  host: string
  port: number
  credential: string
  redirect: boolean
}

/** Lets calls from outside reach a service: a server at a gateway, and a route from there. */
export const exposeService: Wizard = (answers, world) => {
  const read = readAnswers(answers)
  const { service } = world
  if (service === undefined) return { problems: [{ field: 'service', code: 'required' }], changes: [] }
  const exposure: Exposure = {
    host: read.host('host'),
    port: read.requiredNumber('port', 1, MAX_PORT),
    credential: read.flag('tls') ? read.required('credential') : '',
    redirect: read.flag('tls') && read.flag('redirect'),
  }
  const gateway = gatewayFor(world, service, read.text('gateway'), exposure, read.text('selector'))
  if (gateway === undefined) read.tell('selector', 'required')
  if (read.problems.length > 0 || gateway === undefined) return { problems: read.problems, changes: [] }
  return { problems: [], changes: realChanges([gateway, routeFor(world, service, gateway, exposure)]) }
}

/** A gateway that exists gets servers for the host; else one is made for the pods of the selector (`istio=ingressgateway`). */
function gatewayFor(
  world: WizardWorld,
  service: WizardService,
  wanted: string,
  exposure: Exposure,
  selector: string,
): WizardChange | undefined {
  const before = world
    .all('Gateway')
    .find(({ metadata }) => wanted !== '' && `${metadata.namespace ?? ''}/${metadata.name}` === wanted)
  if (before !== undefined) {
    const spec = fields(before.spec)
    const servers = serversWith(items(spec['servers']).map(fields), exposure)
    return { kind: 'Gateway', before, after: { ...before, spec: { ...spec, servers } } }
  }
  const [, key, value] = /^([^=]+)=(.+)$/.exec(selector) ?? []
  if (key === undefined || value === undefined) return undefined
  const name = freeName(world, 'Gateway', service.namespace, service.name)
  const spec = { selector: { [key]: value }, servers: serversWith([], exposure) }
  return { kind: 'Gateway', before: undefined, after: made('Gateway', service.namespace, name, spec) }
}

function serversWith(servers: readonly Fields[], { host, credential, redirect }: Exposure): Fields[] {
  const plain = withServer(servers, host, {
    port: { number: 80, name: 'http', protocol: 'HTTP' },
    hosts: [host],
    ...(redirect ? { tls: { httpsRedirect: true } } : {}),
  })
  if (credential === '') return plain
  const tls = { mode: 'SIMPLE', credentialName: credential }
  const secure = { port: { number: 443, name: `https-${portName(host)}`, protocol: 'HTTPS' }, hosts: [host], tls }
  // Without a redirect the host is served over TLS alone.
  return withServer(redirect ? plain : servers, host, secure)
}

/** A server for just this host and port is changed, otherwise one is added. */
function withServer(servers: readonly Fields[], host: string, server: Fields): Fields[] {
  const portOf = (each: Fields): number | undefined => number(fields(each['port'])['number'])
  const at = servers.findIndex((each) => {
    const hosts = texts(each['hosts'])
    return portOf(each) === portOf(server) && hosts.length === 1 && hosts[0] === host
  })
  if (at < 0) return [...servers, server]
  return servers.map((each, index) =>
    index === at ? { ...each, ...(server['tls'] === undefined ? {} : { tls: server['tls'] }) } : each,
  )
}

/** Names of ports must differ within a gateway. */
const portName = (host: string): string => host.replace(/^\*\./, 'any-').replaceAll('.', '-')

function routeFor(
  world: WizardWorld,
  service: WizardService,
  gateway: WizardChange,
  { host, port }: Exposure,
): WizardChange {
  const place = gateway.after.metadata
  const nameIn = (namespace: string | undefined): string =>
    namespace === place.namespace ? place.name : `${place.namespace ?? ''}/${place.name}`
  const before = oldest(
    world.all('VirtualService').filter(({ metadata, spec }) => {
      const own = fields(spec)
      const isBound = texts(own['gateways']).some(
        (each) =>
          (each.includes('/') ? each : `${metadata.namespace ?? ''}/${each}`) === `${place.namespace}/${place.name}`,
      )
      return isBound && texts(own['hosts']).includes(host)
    }),
  )
  const spec = fields(before?.spec)
  const destination = {
    host:
      (before?.metadata.namespace ?? service.namespace) === service.namespace
        ? service.name
        : serviceHost(service.name, service.namespace),
    port: { number: port },
  }
  const http = editCatchAll(items(spec['http']).map(fields), service.name, (route) => ({
    ...route,
    route: [{ destination }],
  }))
  const name = freeName(world, 'VirtualService', service.namespace, `${service.name}-edge`)
  const after =
    before === undefined
      ? made('VirtualService', service.namespace, name, {
          hosts: [host],
          gateways: [nameIn(service.namespace)],
          http,
        })
      : { ...before, spec: { ...spec, http } }
  return { kind: 'VirtualService', before, after }
}

/** Makes a host outside of the mesh known to it; TLS can be begun by the sidecar, so that the mesh sees the requests. */
export const reachExternal: Wizard = (answers, world) => {
  const read = readAnswers(answers)
  const host = read.host('host')
  const namespace = read.label('namespace')
  const port = read.requiredNumber('port', 1, MAX_PORT)
  const protocol = read.required('protocol')
  const originate = read.flag('originate')
  if (read.problems.length > 0) return { problems: read.problems, changes: [] }
  const before = oldest(
    world
      .all('ServiceEntry')
      .filter(({ metadata, spec }) => metadata.namespace === namespace && texts(fields(spec)['hosts']).includes(host)),
  )
  const spec = fields(before?.spec)
  const ports = items(spec['ports']).map(fields)
  // Callers speak plain HTTP to port 80, and the sidecar TLS to the port outside.
  const wanted = originate
    ? { number: 80, name: 'http', protocol: 'HTTP', targetPort: port }
    : { number: port, name: `${protocol.toLowerCase()}-${port}`, protocol }
  const known = ports.some((each) => number(each['number']) === wanted.number)
  const after =
    before === undefined
      ? made('ServiceEntry', namespace, freeName(world, 'ServiceEntry', namespace, nameOf(host)), {
          hosts: [host],
          ports: [wanted],
          location: 'MESH_EXTERNAL',
          // A wildcard has no address to look up.
          resolution: host.startsWith('*') ? 'NONE' : 'DNS',
        })
      : {
          ...before,
          spec: {
            ...spec,
            ports: known
              ? ports.map((each) => (number(each['number']) === wanted.number ? { ...each, ...wanted } : each))
              : [...ports, wanted],
          },
        }
  const entry: WizardChange = { kind: 'ServiceEntry', before, after }
  return { problems: [], changes: realChanges(originate ? [entry, originationFor(world, namespace, host)] : [entry]) }
}

function originationFor(world: WizardWorld, namespace: string, host: string): WizardChange {
  const before = oldest(
    world
      .all('DestinationRule')
      .filter(({ metadata, spec }) => metadata.namespace === namespace && text(fields(spec)['host']) === host),
  )
  const spec = fields(before?.spec)
  const policy = fields(spec['trafficPolicy'])
  const settings = items(policy['portLevelSettings']).map(fields)
  const own = { port: { number: 80 }, tls: { mode: 'SIMPLE', sni: host } }
  const at = settings.findIndex((each) => number(fields(each['port'])['number']) === 80)
  const portLevelSettings =
    at < 0 ? [...settings, own] : settings.map((each, index) => (index === at ? { ...each, tls: own.tls } : each))
  const trafficPolicy = { ...policy, portLevelSettings }
  const after =
    before === undefined
      ? made('DestinationRule', namespace, freeName(world, 'DestinationRule', namespace, nameOf(host)), {
          host,
          trafficPolicy,
        })
      : { ...before, spec: { ...spec, trafficPolicy } }
  return { kind: 'DestinationRule', before, after }
}

const nameOf = (host: string): string => host.replace(/^\*\./, 'any-').replaceAll('.', '-')
