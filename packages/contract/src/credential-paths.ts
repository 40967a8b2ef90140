import { API_ROOT } from './paths.ts'

const cluster = (name: string): string => `${API_ROOT}/clusters/${encodeURIComponent(name)}`

/** Paths of a joined cluster's credential and settings. Apart from `paths`, which every page loads. */
export const credentialPaths = {
  credential: (name: string) => `${cluster(name)}/credential`,
  credentialTest: (name: string) => `${cluster(name)}/credential/-test`,
  accountPlan: `${API_ROOT}/clusters/-account`,
  candidates: `${API_ROOT}/clusters/-candidates`,
  prometheusTest: (name: string) => `${cluster(name)}/prometheus/-test`,
}
