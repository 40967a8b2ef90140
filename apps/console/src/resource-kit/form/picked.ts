import type { ResourcePage } from '@meshdeck/contract'
import { isRecord, readPath, type KindId, type KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers, isGatewayWorkload } from '@meshdeck/mesh'
import { toChoices } from './choices.ts'
import type { PickName } from './field-spec.ts'

type Page = Pick<ResourcePage, 'items' | 'total'> | undefined

/** Kinds that are read to offer something, in the order in which `picked` takes their pages. */
export const PICK_READS: Readonly<Record<PickName, readonly KindId[]>> = {
  host: ['Service', 'ServiceEntry'],
  gateway: ['Gateway'],
  virtualService: ['VirtualService'],
  namespace: ['Namespace'],
  exportTo: ['Namespace'],
  secret: ['Secret'],
  principal: ['ServiceAccount'],
  gatewayLabels: ['Deployment', 'DaemonSet', 'StatefulSet'],
  service: ['Service'],
  parent: ['K8sGateway', 'Service'],
  target: ['K8sGateway', 'Service', 'ServiceEntry', 'GatewayClass'],
}

/** What there is to choose from, and whether something that was typed is none of it. */
export interface Picked {
  options: readonly string[]
  /** False for patterns, and where not everything could be read: nobody knows then. */
  isMissing: (text: string) => boolean
}

const TRUST_DOMAIN = 'cluster.local'
const ACCOUNT = /\/ns\/([^/]+)\/sa\/([^/]+)$/

/** Judges by the pages of `PICK_READS`; `undefined` for one that could not be read. */
export function picked(pick: PickName, namespace: string, pages: readonly Page[]): Picked {
  const { options, has } = offersOf(pick, namespace, pages)
  const isWhole =
    pages.length === PICK_READS[pick].length && pages.every((page) => page && page.items.length >= page.total)
  return { options, isMissing: (text) => isWhole && text !== '' && !has(text) }
}

interface Offers {
  options: readonly string[]
  /** Whether it is there, or no single thing. */
  has: (text: string) => boolean
}

function offersOf(pick: PickName, namespace: string, pages: readonly Page[]): Offers {
  const [first, second] = pages
  const objects = pages.flatMap((page) => (page?.items ?? []).map(({ resource }) => resource))
  const names = distinct(objects.map(({ metadata }) => metadata.name))
  switch (pick) {
    case 'host': {
      const choices = { services: first, entries: second, rules: undefined, gateways: undefined }
      const hosts = toChoices(namespace, choices).hosts ?? []
      const known = new Set(hosts.map(({ full }) => full))
      const wide = hosts.filter(({ full }) => full.startsWith('*')).map(({ full }) => full)
      return {
        options: distinct(hosts.map(({ host }) => host)),
        has: (text) => {
          const full = fullHost(text, namespace)
          return text.startsWith('*') || known.has(full) || wide.some((each) => hostCovers(each, full))
        },
      }
    }
    case 'gateway': {
      const full = new Set(objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`))
      return {
        options: objects.map(({ metadata }) =>
          metadata.namespace === namespace ? metadata.name : `${metadata.namespace ?? ''}/${metadata.name}`,
        ),
        has: (text) => text === 'mesh' || full.has(text.includes('/') ? text : `${namespace}/${text}`),
      }
    }
    case 'namespace':
      return { options: names, has: (text) => text.includes('*') || names.includes(text) }
    case 'exportTo':
      return { options: ['.', '*', ...names], has: (text) => ['.', '*', '~', ...names].includes(text) }
    case 'secret':
      return {
        options: distinct(
          objects
            .filter((secret) => String(secret['type']).startsWith('kubernetes.io/tls') || secret['type'] === 'Opaque')
            .map(({ metadata }) => metadata.name),
        ),
        // Where the pods of the gateway are is not known here; any namespace will do. Other stores are named like addresses.
        has: (text) => text.includes('://') || names.includes(text),
      }
    case 'principal': {
      const known = new Set(objects.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`))
      return {
        options: [...known].map((each) => `${TRUST_DOMAIN}/ns/${each.replace('/', '/sa/')}`),
        has: (text) => {
          const [, place, name] = ACCOUNT.exec(text) ?? []
          return text.includes('*') || name === undefined || known.has(`${place}/${name}`)
        },
      }
    }
    case 'gatewayLabels': {
      const labels = objects.map(labelsOf)
      return {
        options: distinct(
          labels.flatMap((own) =>
            own['istio'] !== undefined && isGatewayWorkload(own) ? [`istio=${own['istio']}`] : [],
          ),
        ),
        has: (text) => labels.some((own) => Object.entries(own).some(([key, value]) => `${key}=${value}` === text)),
      }
    }
    // Where these are said to be stands in another field; any namespace will do.
    case 'virtualService':
    case 'service':
    case 'parent':
    case 'target':
      return { options: names, has: (text) => names.includes(text) }
  }
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)]

function labelsOf(workload: KubeResource): Record<string, string> {
  const labels = readPath(workload, 'spec.template.metadata.labels')
  return isRecord(labels) ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])) : {}
}
