/**
 * What Meshdeck's account in a cluster may do, each level with all of the one before: look; change configuration and
 * restart workloads; install meshes by the Sail Operator's resources; install them by Helm, which hands out rights itself.
 */
export const ACCOUNT_LEVELS = ['read', 'configure', 'install', 'install-helm'] as const
export type AccountLevel = (typeof ACCOUNT_LEVELS)[number]

export interface AccountChoice {
  level: AccountLevel
  /** Whether signed-in people are acted for by impersonation; without it only a console in mode `local` works there. */
  actForUsers: boolean
}
