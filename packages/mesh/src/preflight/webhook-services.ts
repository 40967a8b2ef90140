import type { KubeResource } from '@meshdeck/kube'
import { readList } from './read-list.ts'

/** Names of the Services that webhook configurations call, each once. */
export function webhookServices(configurations: readonly KubeResource[]): string[] {
  const names = configurations.flatMap((each) => readList(each, 'webhooks.*.clientConfig.service.name'))
  return [...new Set(names.map(String))].toSorted()
}
