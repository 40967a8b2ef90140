import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Which addresses a connection may go to. */
export interface AddressPolicy {
  /** Loopback addresses and the name `localhost`. */
  allowLoopback?: boolean
}

/** Resolves a name to all its addresses. */
export type Lookup = (hostname: string) => Promise<readonly { address: string }[]>

/** Thrown when a name or address must not be connected to. */
export class AddressDeniedError extends Error {
  override readonly name = 'AddressDeniedError'
  readonly code = 'MESHDECK_ADDRESS_DENIED'
}

const loopback = blockList([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
])

// What no Kubernetes API server has as its address, but a cloud's metadata service or "this host" does.
const forbidden = blockList([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
])

const METADATA_NAMES: readonly string[] = [
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]

function blockList(subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix, family] of subnets) list.addSubnet(address, prefix, family)
  return list
}

/**
 * Why a host (name or IP address, as `new URL().hostname` gives it) must not be connected to; `undefined` when it may.
 * Addresses written as decimal, hex or octal numbers are normalised by `URL` before they come here.
 */
export function addressDenial(host: string, policy: AddressPolicy = {}): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const address = embeddedIpv4(bare) ?? bare
  const family = isIP(address)
  if (family === 0) return nameDenial(address, policy)
  const type = family === 4 ? 'ipv4' : 'ipv6'
  if (forbidden.check(address, type)) return `${host} is a link-local, metadata or unspecified address`
  if (!policy.allowLoopback && loopback.check(address, type))
    return `${host} is the machine that Meshdeck itself runs on (loopback)`
  return undefined
}

function nameDenial(name: string, policy: AddressPolicy): string | undefined {
  const plain = name.toLowerCase().replace(/\.+$/, '')
  if (METADATA_NAMES.includes(plain)) return `${plain} is a cloud's metadata service`
  if (!policy.allowLoopback && (plain === 'localhost' || plain.endsWith('.localhost'))) {
    return `${plain} is the machine that Meshdeck itself runs on (loopback)`
  }
  return undefined
}

/** The IPv4 address inside `::ffff:a.b.c.d` (mapped), `::a.b.c.d` (compatible) and `64:ff9b::a.b.c.d` (NAT64); they reach the same host. */
function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined
  const normal = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const match = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(normal)
  if (!match) return undefined
  const high = Number.parseInt(match[1] ?? '', 16)
  const low = Number.parseInt(match[2] ?? '', 16)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

const systemLookup: Lookup = (hostname) =>
  new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })

/**
 * Checks a name and all the addresses it resolves to. Throws `AddressDeniedError`, or the resolver's own error.
 * A check before the connection can be outrun by a name that changes its answer; `guardedLookup` closes that gap.
 */
export async function assertAddressAllowed(
  hostname: string,
  policy: AddressPolicy = {},
  lookup: Lookup = systemLookup,
): Promise<void> {
  const denial = addressDenial(hostname, policy)
  if (denial !== undefined) throw new AddressDeniedError(denial)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return
  for (const { address } of await lookup(hostname)) {
    const reason = addressDenial(address, policy)
    if (reason !== undefined) throw new AddressDeniedError(`${hostname} resolves to ${reason}`)
  }
}

/** A `lookup` for `net.connect` that refuses denied addresses at the moment of connecting, so that DNS rebinding has no gap. */
export function guardedLookup(policy: AddressPolicy, lookup: Lookup = systemLookup): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    const answer = async (): Promise<LookupAddress[]> => {
      const addresses = await lookup(hostname)
      await assertAddressAllowed(hostname, policy, () => Promise.resolve(addresses))
      return addresses.map(({ address }) => ({ address, family: isIP(address) }))
    }
    answer().then(
      (addresses) => {
        const family =
          options.family === 4 || options.family === 'IPv4'
            ? 4
            : options.family === 6 || options.family === 'IPv6'
              ? 6
              : 0
        const usable = family === 0 ? addresses : addresses.filter((entry) => entry.family === family)
        const first = usable[0]
        if (!first) callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '')
        else if (options.all) callback(null, usable)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    )
  }
}
