import { textAt } from '../json.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'

const TYPE = 'kubernetes.io/service-account-token'
const ACCOUNT = 'kubernetes.io/service-account.name'
const ACCOUNT_UID = 'kubernetes.io/service-account.uid'
/** Such tokens end with their Secret or account; a signature needs some end. */
const YEARS_SECONDS = 10 * 365 * 86_400

export type IssueToken = (account: { namespace: string; name: string; uid: string }, expiresInSeconds: number) => string

/**
 * Puts a token into Secrets that ask for one, and deletes those whose account is not there.
 * Source: https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
 */
export function startTokenSecrets(context: ControllerContext, authority: string, issue: IssueToken): () => void {
  const { api } = context
  const secrets = reconcileEach(context, 'token secret', 'secrets', (secret) => {
    if (secret['type'] !== TYPE) return
    const { name, namespace = '', annotations = {} } = secret.metadata
    const account = api.get('serviceaccounts', namespace, annotations[ACCOUNT] ?? '')
    const uid = account?.metadata.uid
    if (account === undefined || uid === undefined || (annotations[ACCOUNT_UID] ?? uid) !== uid) {
      api.delete('secrets', namespace, name)
      return
    }
    if (textAt(secret, 'data', 'token') !== undefined) return
    const encoded = (text: string): string => Buffer.from(text).toString('base64')
    api.update('secrets', {
      ...secret,
      metadata: { ...secret.metadata, annotations: { ...annotations, [ACCOUNT_UID]: uid } },
      data: {
        'ca.crt': encoded(authority),
        namespace: encoded(namespace),
        token: encoded(issue({ namespace, name: account.metadata.name, uid }, YEARS_SECONDS)),
      },
    })
  })
  const stopAccounts = api.watch('serviceaccounts', ({ type, object }) => {
    if (type !== 'DELETED') return
    for (const { metadata } of api.list('secrets', object.metadata.namespace)) {
      if (metadata.annotations?.[ACCOUNT] === object.metadata.name) secrets.again(metadata.namespace, metadata.name)
    }
  })
  return () => {
    secrets.stop()
    stopAccounts()
  }
}
