import type { ResourceClient, Helm } from '@meshdeck/kube-client'

/** Owner of the fields of what is installed; what others write beside them stays. */
export const INSTALL_FIELD_MANAGER = 'meshdeck-controller'

/** A cluster as an installation needs it. */
export interface Site {
  client: ResourceClient
  /** Address of its API server. */
  server: string
  /** Where Helm is to be had: the program, the credential for it, and how long a command of somebody else is waited for. */
  helm?: { program: Helm; kubeconfig: () => Promise<string>; staleMs?: number }
}
