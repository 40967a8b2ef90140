import { fullHost, hostCovers } from '@meshdeck/mesh'
import type { Choices } from '../../resource-kit/form/choices.ts'

/** What of a destination is not there. */
export interface MissingParts {
  host: boolean
  subset: boolean
  /** The ports that the host has, when it has not the one that is named. */
  ports: readonly number[] | undefined
}

/** Judges a destination by what the cluster has; nothing is missing where that is not known. */
export function missingParts(
  { host, subset, port }: { host: string; subset: string; port: number | undefined },
  namespace: string,
  { hosts, subsets }: Choices,
): MissingParts {
  const full = fullHost(host, namespace)
  const known = hosts?.filter((each) => each.full === full || hostCovers(each.full, full)) ?? []
  const isUnknown = hosts === undefined || host === '' || host.startsWith('*')
  const ports = known.flatMap((each) => each.ports)
  return {
    host: !isUnknown && known.length === 0,
    subset: subset !== '' && host !== '' && subsets !== undefined && !(subsets.get(full) ?? []).includes(subset),
    ports: port !== undefined && known.length > 0 && !ports.includes(port) ? ports : undefined,
  }
}
