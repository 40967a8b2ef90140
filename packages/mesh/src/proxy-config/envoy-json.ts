import { isRecord } from '@meshdeck/kube'

/** A message of Envoy's as JSON. */
export type Message = Readonly<Record<string, unknown>>

/**
 * A field of a message by its name in the protocol. Envoy itself writes `filter_chains`, istiod's debug interface
 * `filterChains`; both are read.
 */
export function field(message: unknown, name: string): unknown {
  if (!isRecord(message)) return undefined
  return message[name] ?? message[name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())]
}

/** What lies at a path of fields. */
export function at(message: unknown, ...path: readonly string[]): unknown {
  return path.reduce(field, message)
}

export function messageAt(message: unknown, ...path: readonly string[]): Message | undefined {
  const found = at(message, ...path)
  return isRecord(found) ? found : undefined
}

export function messagesAt(message: unknown, ...path: readonly string[]): readonly Message[] {
  const found = at(message, ...path)
  return Array.isArray(found) ? found.filter(isRecord) : []
}

/** The message under a name in each of several. */
export function innerMessages(messages: readonly Message[], name: string): Message[] {
  return messages.map((each) => messageAt(each, name)).filter((each) => each !== undefined)
}

export function textAt(message: unknown, ...path: readonly string[]): string | undefined {
  const found = at(message, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

export function textsAt(message: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(message, ...path)
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : []
}

/** Numbers of 64 bits are written as text. */
export function numberAt(message: unknown, ...path: readonly string[]): number | undefined {
  const found = at(message, ...path)
  const number = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found
  return typeof number === 'number' ? number : undefined
}

/** A part of `/config_dump` by its type, such as `RoutesConfigDump`. */
export function configPart(dump: unknown, type: string): Message | undefined {
  // Of a gateway in a scoped route there is `ScopedRoutesConfigDump` beside.
  return messagesAt(dump, 'configs').find((each) => String(each['@type']).endsWith(`.${type}`))
}
