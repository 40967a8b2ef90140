/** In a policy it means the mesh's own trust domain, whatever that is. Source: Istio, `Bundle.ReplaceTrustDomainAliases`. */
const OWN_DOMAIN = 'cluster.local'

/** Who a certificate says that somebody is. */
export interface Identity {
  domain: string
  namespace: string
  account: string
}

/** Reads `DOMAIN/ns/NAMESPACE/sa/ACCOUNT`; `undefined` when a name is not written like that. */
export function identityOf(principal: string | undefined): Identity | undefined {
  const [, domain = '', namespace = '', account = ''] =
    /^(?:spiffe:\/\/)?([^/]+)\/ns\/([^/]+)\/sa\/(.+)$/.exec(principal ?? '') ?? []
  return account === '' ? undefined : { domain, namespace, account }
}

export const principalOf = ({ domain, namespace, account }: Identity): string =>
  `${domain}/ns/${namespace}/sa/${account}`

/**
 * All that a policy may call the holder of a certificate: its name in each of the mesh's trust domains.
 * Source: https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/
 */
export function namesOf(principal: string, domains: readonly string[]): string[] {
  const identity = identityOf(principal)
  if (identity === undefined || !domains.includes(identity.domain)) return [principal]
  return [...new Set([...domains, OWN_DOMAIN])].map((domain) => principalOf({ ...identity, domain }))
}

/** Whether a trust domain, as a policy names it, is one of the mesh's. */
export const isTrusted = (domain: string, domains: readonly string[]): boolean =>
  domain.includes('*') || domain === OWN_DOMAIN || domains.includes(domain)
