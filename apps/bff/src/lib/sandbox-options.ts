/** What the console says of the sandbox, and the people in it as whom anybody here may act. */
export interface SandboxOptions {
  fleet: string
  /** Path of a kubeconfig for all its clusters. */
  kubeconfig: string
  people: readonly { id: string; token: string }[]
}
