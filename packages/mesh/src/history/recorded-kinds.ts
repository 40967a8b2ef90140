import { KINDS, type KindDefinition, type KindId } from '@meshdeck/kube'

const CATEGORIES: readonly KindDefinition['category'][] = ['traffic', 'security', 'extensions', 'gateway-api']

/** Kinds whose changes are kept: all of Istio's and the Gateway API's configuration. Secrets never are. */
export const RECORDED_KINDS: readonly KindId[] = KINDS.filter(
  ({ home, access, category }) => home === 'cluster' && access === 'full' && CATEGORIES.includes(category),
).map(({ id }) => id)
