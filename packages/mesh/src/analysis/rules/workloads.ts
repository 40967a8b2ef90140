import { NEVER_INJECTED_NAMESPACES } from '@meshdeck/kube'
import { isGatewayWorkload } from '../../istio/gateways.ts'
import type { Rule } from '../analyzer.ts'
import { templateLabels, workloadsOf, type Templated, type WorkloadKind } from '../pods.ts'
import { entries, fields, labelsIn, number, text } from '../read.ts'
import { SERVICE_ROUTES, versionServices } from '../version-services.ts'
import { policyOfNamespace } from './injection.ts'

/** The user that the sidecar runs as, whose traffic is never caught. Source: https://istio.io/latest/docs/ops/deployment/application-requirements/ */
const PROXY_UID = 1337
/** Ports that the sidecar itself listens on. Source: as above. */
const RESERVED = [15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090]
const APP_LABELS = ['app', 'app.kubernetes.io/name', 'service.istio.io/canonical-name']
const VERSION_LABELS = ['version', 'app.kubernetes.io/version', 'service.istio.io/canonical-revision']

const templates: Rule = {
  name: 'pod templates suit a sidecar',
  reads: ['Deployment', 'StatefulSet', 'DaemonSet', 'Namespace'],
  *run(world) {
    for (const namespace of world.all('Namespace')) {
      const place = namespace.metadata.name
      if (NEVER_INJECTED_NAMESPACES.includes(place) || place === world.facts.rootNamespace) continue
      const inMesh = policyOfNamespace(namespace) === 'enabled'
      for (const { cluster, object } of workloadsOf(world).in(place)) {
        if (cluster !== world.cluster) continue
        const kind: WorkloadKind = object.kind
        const labels = templateLabels(object)
        const spec = podSpec(object)
        const base = { object, kind }
        const users = [
          ['spec.template.spec.securityContext', fields(spec['securityContext'])['runAsUser']] as const,
          ...entries(spec['containers']).map(
            ({ at, value }) =>
              [
                `spec.template.spec.containers[${at}].securityContext`,
                text(value['name']) === 'istio-proxy' ? undefined : fields(value['securityContext'])['runAsUser'],
              ] as const,
          ),
        ]
        for (const [path, user] of users) {
          if (number(user) === PROXY_UID && !isGatewayWorkload(labels, annotations(object)))
            yield { ...base, code: 'IST0144', path: `${path}.runAsUser`, values: { uid: String(PROXY_UID) } }
        }
        if (!inMesh || isGatewayWorkload(labels, annotations(object))) continue
        if (spec['hostNetwork'] === true) yield { ...base, code: 'MD2005', path: 'spec.template.spec.hostNetwork' }
        const missing = [
          ...(APP_LABELS.some((label) => labels[label] !== undefined) ? [] : ['app']),
          ...(VERSION_LABELS.some((label) => labels[label] !== undefined) ? [] : ['version']),
        ]
        if (missing.length > 0)
          yield {
            ...base,
            code: 'MD2003',
            path: 'spec.template.metadata.labels',
            values: { labels: missing.join(', ') },
          }
        for (const { at, value } of entries(spec['containers'])) {
          for (const { at: index, value: port } of entries(value['ports'])) {
            const used = number(port['containerPort'])
            if (used !== undefined && RESERVED.includes(used) && text(value['name']) !== 'istio-proxy')
              yield {
                ...base,
                code: 'MD2007',
                path: `spec.template.spec.containers[${at}].ports[${index}].containerPort`,
                values: { port: String(used) },
              }
          }
        }
        const dns = text(spec['dnsPolicy'])
        if (dns !== '' && dns !== 'ClusterFirst' && spec['hostNetwork'] !== true)
          yield { ...base, code: 'MD2008', path: 'spec.template.spec.dnsPolicy', values: { policy: dns } }
      }
    }
  },
}

const podSpec = ({ spec }: Templated): ReturnType<typeof fields> => fields(fields(spec.template)['spec'])
const annotations = ({ spec }: Templated): Record<string, string> => labelsIn(spec.template.metadata?.annotations)

const names: Rule = {
  name: 'app labels are the names of services',
  reads: ['Service', 'Deployment', 'StatefulSet', 'DaemonSet', ...SERVICE_ROUTES],
  *run(world) {
    const isOfVersion = versionServices(world)
    for (const object of world.all('Service')) {
      if (isOfVersion(object)) continue
      const { namespace = '', name } = object.metadata
      const selector = labelsIn(fields(object.spec)['selector'])
      if (Object.keys(selector).length === 0 || NEVER_INJECTED_NAMESPACES.includes(namespace)) continue
      if (namespace === world.facts.rootNamespace) continue
      const other = workloadsOf(world)
        .select(namespace, selector)
        .map(({ object: workload }) => templateLabels(workload)['app'])
        .find((app) => app !== undefined && app !== name)
      if (other !== undefined)
        yield { object, kind: 'Service', code: 'MD2004', path: 'spec.selector', values: { app: other } }
    }
  },
}

export const workloadRules: readonly Rule[] = [templates, names]
