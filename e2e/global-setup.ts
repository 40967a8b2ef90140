import { labState } from '@meshdeck/lab'
import { prepareFleet, removeFleet } from './support/fleet.ts'
import { startStack } from './support/stack.ts'

/** Starts Meshdeck as a user would, with the lab's first cluster as hub, and stops it after the last journey. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const [hub] = (await labState()).clusters
  if (!hub) throw new Error('the lab has no cluster')
  const stack = await startStack('--kubeconfig', hub.kubeconfig, '--prometheus', `${hub.context}=${hub.prometheusUrl}`)
  try {
    process.env['MESHDECK_URL'] = stack.url
    await prepareFleet()
  } catch (error) {
    await stack.stop()
    throw error
  }
  return async () => {
    await removeFleet()
    await stack.stop()
  }
}
