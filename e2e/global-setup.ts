import { prepareFleet, removeFleet } from './support/fleet.ts'
import { startStack } from './support/stack.ts'
import { openTestbed, testbed } from './testbed/testbed.ts'

/** Starts Meshdeck as a user would, with the testbed's first cluster as hub, and stops it after the last journey. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const name = process.env['MESHDECK_TESTBED'] === 'sandbox' ? 'sandbox' : 'lab'
  const closeTestbed = await openTestbed(name)
  const [hub] = (await testbed()).clusters
  if (!hub) throw new Error(`the ${name} has no cluster`)
  const stack = await startStack('--kubeconfig', hub.kubeconfig, '--prometheus', `${hub.name}=${hub.prometheusUrl}`)
  const close = async (): Promise<void> => {
    await stack.stop()
    await closeTestbed()
  }
  try {
    process.env['MESHDECK_URL'] = stack.url
    await prepareFleet()
  } catch (error) {
    await close()
    throw error
  }
  return async () => {
    await removeFleet()
    await close()
  }
}
