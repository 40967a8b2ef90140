import type { Check } from './check.ts'

/** Community istiod, CNI, ztunnel and gateways keep nothing on disk: no claim is made, so no StorageClass is asked for. */
export const storageCheck = (): Check => ({ id: 'storage', level: 'ok', reason: 'notNeeded' })
