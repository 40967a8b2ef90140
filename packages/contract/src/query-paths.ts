import { API_ROOT } from './paths.ts'

/** Where Meshdeck tells what it asks of Prometheus. Apart from `paths`, which every page loads. */
export const queryPaths = { load: `${API_ROOT}/queries` }
