import { isRecord } from '@meshdeck/kube'
import type { ClusterConnection } from './connection.ts'
import type { Identity } from './identity.ts'

/** What an API server says of itself. */
export interface ServerInfo {
  /** Of Kubernetes: `v1.36.3`. */
  version?: string
  /** By how much its clock is ahead of this machine's, in milliseconds, to half a second and half of the time that the answer took. */
  aheadMs?: number
  /** Its time, as milliseconds since 1970. */
  at?: number
}

/** The `Date` of an answer is cut to seconds: on average it was half a second later. */
const HALF_A_SECOND_MS = 500

/** Asks for `/version`, which every signed-in user may read, and reads the clock off the answer. */
export async function readServerInfo(
  connection: ClusterConnection,
  identity: Identity,
  call: { signal?: AbortSignal; timeoutMs?: number },
): Promise<ServerInfo> {
  const asked = Date.now()
  const { body, date } = await connection.request<unknown>({ ...call, path: '/version', identity })
  const answered = Date.now()
  const version = isRecord(body) && typeof body['gitVersion'] === 'string' ? body['gitVersion'] : undefined
  return {
    ...(version === undefined ? {} : { version }),
    ...(date === undefined
      ? {}
      : { at: date + HALF_A_SECOND_MS, aheadMs: date + HALF_A_SECOND_MS - (asked + answered) / 2 }),
  }
}
