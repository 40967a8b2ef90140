import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/states.tsx'
import { configPlaces } from '../../lib/config-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { tlsSecretQueries, tlsSecretWrites } from './queries.ts'
import { useTlsSecretRef } from './tls-secret-page.tsx'
import { WriteTlsSecret } from './write-tls-secret.tsx'

/** Puts a new certificate into a Secret that gateways may be using. */
export function ReplaceTlsSecretPage() {
  useStyle(kitCss)
  const { t } = useTranslation('tls-secrets')
  const { mesh } = useMeshScope()
  const ref = useTlsSecretRef()
  const query = useQuery({ ...tlsSecretQueries.detail(mesh, ref), enabled: ref.cluster !== '' })
  const title = t('replace.title', { name: ref.name })
  // The version that was looked at by the last check is the one that may be written over.
  const checked = useRef<string>('')
  if (query.data === undefined)
    return (
      <Page title={title}>
        <QueryView query={query}>{() => null}</QueryView>
      </Page>
    )
  return (
    <WriteTlsSecret
      title={title}
      what={t('replace.what')}
      okText={t('replace.ok')}
      done={t('replace.done', { name: ref.name })}
      back={configPlaces.tlsSecret(mesh, ref)}
      command={`kubectl --context ${ref.cluster} -n ${ref.namespace} create secret tls ${ref.name} --cert=FILE --key=FILE --dry-run=client -o yaml | kubectl --context ${ref.cluster} replace -f -`}
      write={async (content, dryRun) => {
        if (dryRun) checked.current = (await query.refetch()).data?.secret.resourceVersion ?? ''
        return tlsSecretWrites.replace(mesh, ref, { resourceVersion: checked.current, ...content }, dryRun)
      }}
    />
  )
}
