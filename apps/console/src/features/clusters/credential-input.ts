import type { PrometheusCredential } from '@meshdeck/contract'

/** What is typed of a credential for Prometheus: what is there never comes back to the browser, so it is replaced as a whole. */
export interface CredentialInput {
  choice: 'keep' | 'none' | 'token' | 'password' | 'certificate'
  token: string
  username: string
  password: string
  certificate: string
  key: string
  authority: string
}

export const KEPT: CredentialInput = {
  choice: 'keep',
  token: '',
  username: '',
  password: '',
  certificate: '',
  key: '',
  authority: '',
}

/** By the choice, which members are typed. */
export const CREDENTIAL_MEMBERS = {
  keep: [],
  none: [],
  token: ['token'],
  password: ['username', 'password'],
  certificate: ['certificate', 'key'],
} as const satisfies Record<CredentialInput['choice'], readonly (keyof PrometheusCredential)[]>

/** The credential as it is sent; undefined leaves the one that is there, an empty one takes it away. */
export function toCredential(input: CredentialInput): PrometheusCredential | undefined {
  if (input.choice === 'keep') return undefined
  const members = [...CREDENTIAL_MEMBERS[input.choice], ...(input.choice === 'none' ? [] : (['authority'] as const))]
  return Object.fromEntries(
    members.map((member) => [member, input[member].trim()] as const).filter(([, text]) => text !== ''),
  )
}

/** The first member that is missing or not as it must be. */
export function credentialProblem(input: CredentialInput): Exclude<keyof CredentialInput, 'choice'> | undefined {
  const missing = CREDENTIAL_MEMBERS[input.choice].find((member) => input[member].trim() === '')
  if (missing !== undefined) return missing
  const pems = [...(input.choice === 'certificate' ? (['certificate', 'key'] as const) : []), 'authority' as const]
  return pems.find((member) => input[member].trim() !== '' && !input[member].includes('-----BEGIN '))
}
