import type { Place } from './places.ts'

/** Address of the page about queries to Prometheus; apart from `places`, which every page loads. */
export const queryPlaces = { load: (): Place => ({ to: '/settings/queries' }) }
