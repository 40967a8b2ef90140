export interface KubeconfigCluster {
  /** Name of the context, of the cluster and of its user. */
  readonly name: string
  readonly server: string
  /** PEM. */
  readonly authority: string
  readonly user: { readonly token: string } | { readonly certificate: string; readonly key: string }
}

/** A kubeconfig with a context for each cluster; the first is the current one. JSON, which is YAML too. */
export function kubeconfigOf(clusters: readonly KubeconfigCluster[]): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0]?.name ?? '',
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    clusters: clusters.map(({ name, server, authority }) => ({
      name,
      cluster: { server, 'certificate-authority-data': base64(authority) },
    })),
    users: clusters.map(({ name, user }) => ({
      name,
      user:
        'token' in user
          ? { token: user.token }
          : { 'client-certificate-data': base64(user.certificate), 'client-key-data': base64(user.key) },
    })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
