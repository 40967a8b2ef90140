import { get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'

/** Whether an address answers 200. */
export async function isAnswering(url: string): Promise<boolean> {
  return (await statusOf(url)) === 200
}

/**
 * The status that an address answers with; none when nobody answers. Certificates are not checked:
 * this only asks whether one of our own processes is there, and sends nothing of worth.
 */
export function statusOf(url: string, timeoutMs = 2_000): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  const options = { timeout: timeoutMs, agent: false as const }
  const request = url.startsWith('https:')
    ? httpsGet(url, { ...options, rejectUnauthorized: false })
    : httpGet(url, options)
  request.on('response', (response) => {
    response.resume()
    resolve(response.statusCode)
  })
  request.on('timeout', () => request.destroy())
  request.on('error', () => resolve(undefined))
  request.on('close', () => resolve(undefined))
  return promise
}
