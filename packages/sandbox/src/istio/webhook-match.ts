import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'

export interface WebhookCall {
  readonly operation: string
  readonly resource: ResourceKey
  readonly object: KubeObject
  readonly namespaceLabels: Readonly<Record<string, string>>
}

/** The webhooks of a configuration that an API server would call. Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/ */
export function webhooksFor(configuration: KubeObject, call: WebhookCall): readonly Record<string, unknown>[] {
  const slash = call.resource.lastIndexOf('/')
  const group = slash < 0 ? '' : call.resource.slice(0, slash)
  const plural = call.resource.slice(slash + 1)
  return listAt(configuration, 'webhooks')
    .filter(isRecord)
    .filter(
      (webhook) =>
        listAt(webhook, 'rules').some((rule) => covers(rule, group, plural, call.operation)) &&
        selects(webhook['namespaceSelector'], call.namespaceLabels) &&
        selects(webhook['objectSelector'], call.object.metadata.labels ?? {}),
    )
}

/** The Service behind a webhook; none for one that is called by an address. */
export function serviceOf(
  webhook: Record<string, unknown>,
): { namespace: string; name: string; path: string } | undefined {
  const service = recordAt(webhook, 'clientConfig')['service']
  if (!isRecord(service)) return undefined
  return {
    namespace: textAt(service, 'namespace') ?? '',
    name: textAt(service, 'name') ?? '',
    path: textAt(service, 'path') ?? '',
  }
}

function covers(rule: unknown, group: string, plural: string, operation: string): boolean {
  const has = (field: string, value: string): boolean => {
    const list = listAt(rule, field)
    return list.includes('*') || list.includes(value)
  }
  return has('apiGroups', group) && has('resources', plural) && has('operations', operation)
}

/** An absent selector selects everything here. */
function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  return !isRecord(selector) || matchesLabelSelector(selector, labels)
}
