import type { HistoryEntry } from '@meshdeck/contract'

/** An entry of the history for tests: `kubectl-edit` changed the rules of cart. */
export function historyEntry({ at, ...more }: Partial<Omit<HistoryEntry, 'at'>> & { at: Date }): HistoryEntry {
  const time = at.toISOString()
  return {
    id: `history-0123456789abcdef-${at.getTime() / 1000}`,
    number: 2,
    cluster: 'alpha',
    kind: 'VirtualService',
    namespace: 'shop',
    name: 'cart',
    operation: 'changed',
    at: time,
    noticedAt: time,
    late: false,
    tool: 'kubectl',
    author: 'kubectl-edit',
    fields: ['spec.http[0].route'],
    fieldCount: 1,
    ...more,
  }
}
