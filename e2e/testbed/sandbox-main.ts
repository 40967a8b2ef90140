/** The sandbox as the lab's stand-in, in a process of its own; started like packages/sandbox/src/main.ts. */
import { runFleet } from '@meshdeck/sandbox'
import { labFleet } from './lab-fleet.ts'

await runFleet(() => labFleet())
