import { HUB, MESHDECK_NAMESPACE } from '@meshdeck/kube'
import { useCan } from '../../lib/access.ts'

/** Whether the caller may put another credential into the Secrets that Meshdeck keeps on the hub. */
export const useMayRenew = (): ReturnType<typeof useCan> =>
  useCan('update', 'Secret', { cluster: HUB, namespace: MESHDECK_NAMESPACE })
