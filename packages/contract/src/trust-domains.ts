import { Type, type Static } from 'typebox'

/** What callers of a mesh are called by their certificates, as the settings of each cluster say it. */
export const TrustDomains = Type.Object({
  items: Type.Array(
    Type.Object({
      cluster: Type.String(),
      trustDomain: Type.String(),
      aliases: Type.Array(Type.String(), { description: 'Other trust domains that count as the same.' }),
    }),
    { description: 'Only of clusters whose settings are there and may be read; that of the control plane first.' },
  ),
})
export type TrustDomains = Static<typeof TrustDomains>
