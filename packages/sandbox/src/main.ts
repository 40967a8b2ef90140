/** A fleet of the catalogue in a process of its own; see `runFleet`. */
import { runFleet } from './control/run-fleet.ts'
import { fleetNamed } from './fleets/catalogue.ts'

await runFleet(fleetNamed)
