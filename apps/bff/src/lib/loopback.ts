import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether a host name or address (brackets allowed) is this machine and no other. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  const family = isIP(bare)
  if (family === 0) return bare === 'localhost' || bare.endsWith('.localhost')
  return loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether a `Host` header (`name[:port]`) is this machine. An absent or unreadable one is not. */
export function isLoopbackHostHeader(header: string | undefined): boolean {
  const url = header === undefined || /[/@?#\\\s]/.test(header) ? null : URL.parse(`http://${header}`)
  return url !== null && isLoopbackHost(url.hostname)
}
