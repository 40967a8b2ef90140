import { bookinfoFleet } from './bookinfo.ts'
import { demoFleet } from './demo.ts'
import { emptyFleet } from './empty.ts'
import type { Fleet } from './fleet.ts'
import { generatedFleet } from './generated.ts'

/** By name; those of Istio's sizes have as many Services and pods as they say. */
const FLEETS: Readonly<Record<string, (name: string, seed: number) => Fleet>> = {
  demo: demoFleet,
  bookinfo: bookinfoFleet,
  empty: emptyFleet,
  S50P200: sized(50, 200),
  S200P1000: sized(200, 1_000),
  S500P2000: sized(500, 2_000),
  S2000P8000: sized(2_000, 8_000),
  S5000P20000: sized(5_000, 20_000),
}

/** Names for `--fleet`. */
export const FLEET_NAMES: readonly string[] = Object.keys(FLEETS)

/** @throws RangeError for a name that is not there. */
export function fleetNamed(name: string, seed: number): Fleet {
  const make = Object.hasOwn(FLEETS, name) ? FLEETS[name] : undefined
  if (make === undefined) throw new RangeError(`no fleet "${name}"; there are ${FLEET_NAMES.join(', ')}`)
  return make(name, seed)
}

function sized(services: number, pods: number): (name: string, seed: number) => Fleet {
  return (name, seed) => generatedFleet(name, services, pods, seed)
}
