import {
  DATAPLANE_MODE_LABEL,
  INJECTION_LABEL,
  NEVER_INJECTED_NAMESPACES,
  POD_INJECT_LABEL,
  REVISION_LABEL,
  type KubeResource,
} from '@meshdeck/kube'
import { injectionPolicy } from '../../injection/namespace-injection.ts'
import { isInjected, isMachinery } from '../../injection/pods.ts'
import { isGatewayWorkload } from '../../istio/gateways.ts'
import { matchesSelector, parseLabelSelector } from '../../injection/label-selector.ts'
import type { Rule } from '../analyzer.ts'
import { podsOf, templateLabels, workloadsOf } from '../pods.ts'
import { entries, fields, text } from '../read.ts'

/** What a namespace says of injection by itself. */
export const policyOfNamespace = ({ metadata }: KubeResource): ReturnType<typeof injectionPolicy> =>
  injectionPolicy(metadata.labels)

const namespaces: Rule = {
  name: 'namespaces say whether they are injected',
  reads: ['Namespace', 'Pod'],
  *run(world) {
    for (const object of world.all('Namespace')) {
      const { name, labels = {} } = object.metadata
      if (NEVER_INJECTED_NAMESPACES.includes(name) || name === world.facts.rootNamespace) continue
      const base = { object, kind: 'Namespace' as const }
      const ambient = labels[DATAPLANE_MODE_LABEL] === 'ambient'
      const ways = [INJECTION_LABEL, REVISION_LABEL].filter((label) => labels[label] !== undefined)
      if (ways.length > 1 || (ambient && ways.length > 0 && labels[INJECTION_LABEL] !== 'disabled'))
        yield {
          ...base,
          code: 'IST0123',
          path: 'metadata.labels',
          values: { labels: [...ways, ...(ambient ? [DATAPLANE_MODE_LABEL] : [])].join(', ') },
        }
      if (ways.length > 0 || ambient) continue
      const runs = podsOf(world).in(name).length > 0
      if (world.facts.injectsByDefault === true) yield { ...base, code: 'IST0148' }
      else if (runs) yield { ...base, code: 'IST0102' }
    }
  },
}

const pods: Rule = {
  name: 'pods of injected namespaces have a sidecar',
  reads: ['Namespace', 'Pod'],
  *run(world) {
    for (const namespace of world.all('Namespace')) {
      if (policyOfNamespace(namespace) !== 'enabled') continue
      for (const { cluster, object } of podsOf(world).in(namespace.metadata.name)) {
        const isOut =
          object.metadata.labels?.[POD_INJECT_LABEL] === 'false' ||
          object.metadata.annotations?.[POD_INJECT_LABEL] === 'false'
        if (cluster !== world.cluster || isOut || object.spec?.hostNetwork === true || isMachinery(object)) continue
        if (object.spec?.containers.some(({ image }) => image === 'auto') === true)
          yield { object, kind: 'Pod', code: 'IST0147' }
        else if (!isInjected(object) && !isGatewayWorkload(object.metadata.labels))
          yield { object, kind: 'Pod', code: 'IST0103', values: { namespace: namespace.metadata.name } }
      }
    }
  },
}

const webhooksRule: Rule = {
  name: 'webhooks of injection are whole',
  reads: ['MutatingWebhookConfiguration', 'Service', 'Namespace', 'Deployment', 'StatefulSet', 'DaemonSet'],
  *run(world) {
    const configurations = world
      .all('MutatingWebhookConfiguration')
      .filter(({ metadata }) => /istio-sidecar-injector|istio-revision-tag/.test(metadata.name))
    const services = new Set(world.all('Service').map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`))
    for (const object of configurations) {
      for (const { at, value } of entries(object['webhooks'])) {
        const client = fields(value['clientConfig'])
        const path = `webhooks[${at}].clientConfig`
        const base = { object, kind: 'MutatingWebhookConfiguration' as const }
        const service = fields(client['service'])
        if (client['service'] !== undefined) {
          const key = `${text(service['namespace'])}/${text(service['name'])}`
          if (world.sees('Service') && !services.has(key))
            yield { ...base, code: 'IST0139', path: `${path}.service`, values: { service: key } }
        } else {
          const url = text(client['url'])
          const host = hostOfUrl(url)
          if (host === undefined) yield { ...base, code: 'IST0163', path: `${path}.url`, values: { url } }
          else if (/^[\d.]+$|:/.test(host)) yield { ...base, code: 'IST0164', path: `${path}.url`, values: { url } }
        }
      }
    }
    // `auto` is an image that nobody can pull: a webhook has to put the proxy there.
    for (const namespace of configurations.length === 0 ? [] : world.all('Namespace')) {
      for (const { cluster, object } of workloadsOf(world).in(namespace.metadata.name)) {
        const containers = entries(fields(fields(object.spec.template)['spec'])['containers'])
        if (cluster !== world.cluster || !containers.some(({ value }) => value['image'] === 'auto')) continue
        const isTaken = configurations.some((configuration) =>
          entries(configuration['webhooks']).some(
            ({ value }) =>
              matchesSelector(parseLabelSelector(value['namespaceSelector']), namespace.metadata.labels ?? {}) &&
              matchesSelector(parseLabelSelector(value['objectSelector']), templateLabels(object)),
          ),
        )
        if (!isTaken) yield { object, kind: object.kind, code: 'IST0146' }
      }
    }
  },
}

function hostOfUrl(url: string): string | undefined {
  const [, host] = /^https:\/\/(\[[\da-f:]+\]|[^/:[\]]+)(?::\d+)?(?:\/|$)/i.exec(url) ?? []
  return host
}

export const injectionRules: readonly Rule[] = [namespaces, pods, webhooksRule]
