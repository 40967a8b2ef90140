import type { TlsSecretDetail } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { configPlaces } from '../../lib/config-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { kubectl } from '../../resource-kit/kubectl.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { CertificateCards } from './certificate-card.tsx'
import { DeleteTlsSecret } from './delete-tls-secret.tsx'
import { tlsSecretQueries } from './queries.ts'
import { TlsStateDot } from './tls-state.tsx'
import { TlsUsers } from './tls-users.tsx'

const schema = searchSchema<{ cluster: string }>({ cluster: param.text() })

/** The Secret that an address names. */
export function useTlsSecretRef(): { cluster: string; namespace: string; name: string } {
  const { clusters } = useMeshScope()
  const [search] = usePageSearch(schema)
  const { namespace = '', name = '' }: { namespace?: string; name?: string } = useParams({ strict: false })
  return { cluster: search.cluster || (clusters[0] ?? ''), namespace, name }
}

/** One Secret with certificates: what they say, how long they last, who uses them. */
export function TlsSecretPage() {
  useStyle(kitCss)
  const { t } = useTranslation('tls-secrets')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const ref = useTlsSecretRef()
  const query = useQuery({ ...tlsSecretQueries.detail(mesh, ref), enabled: ref.cluster !== '' })
  const mayReplace = useCan('patch', 'Secret', ref).allowed
  const mayDelete = useCan('delete', 'Secret', ref).allowed
  const [deleting, setDeleting] = useState(false)
  const handleClose = (deleted: boolean) => {
    setDeleting(false)
    if (deleted) void navigate(configPlaces.tlsSecrets(mesh))
  }
  return (
    <Page
      title={ref.name}
      aside={query.data && <TlsStateDot secret={query.data.secret} />}
      actions={
        query.data && (
          <>
            {mayDelete && (
              <Button danger onClick={() => setDeleting(true)}>
                {t('actions.delete')}
              </Button>
            )}
            {mayReplace && (
              <Button type="primary" onClick={() => void navigate(configPlaces.replaceTlsSecret(mesh, ref))}>
                {t('replace.action')}
              </Button>
            )}
          </>
        )
      }
    >
      <QueryView query={query}>{(detail) => <TlsSecretFacts detail={detail} />}</QueryView>
      {deleting && query.data && (
        <DeleteTlsSecret secret={query.data.secret} hidden={query.data.hidden} onClose={handleClose} />
      )}
    </Page>
  )
}

function TlsSecretFacts({ detail: { secret, hidden } }: { detail: TlsSecretDetail }) {
  const { t } = useTranslation('tls-secrets')
  const { cluster, namespace, name, labels, type } = secret
  return (
    <div className="md-stack">
      <section className="md-card" aria-label={t('secret')}>
        <header>
          <h2>{t('secret')}</h2>
        </header>
        <dl className="md-card-body md-facts">
          <dt>{t('glossary:cluster')}</dt>
          <dd>{cluster}</dd>
          <dt>{t('glossary:namespace')}</dt>
          <dd>{namespace}</dd>
          <dt>{t('type')}</dt>
          <dd>
            <code>{type}</code> {!secret.hasKey && t('authorityOnly')}
          </dd>
          <dt>{t('glossary:labels')}</dt>
          <dd>
            {Object.entries(labels)
              .map(([key, value]) => `${key}=${value}`)
              .join(', ') || '–'}
          </dd>
          <dt>{t('columns.users')}</dt>
          <dd>
            <TlsUsers users={secret.users} none={t('users.none')} />
            {hidden.length > 0 && <p className="md-muted">{t('hidden', { kinds: hidden.join(', ') })}</p>}
          </dd>
        </dl>
        <div className="md-card-body md-divided">
          <p className="md-muted">{t('keyStays')}</p>
          <CommandBox command={kubectl.get({ cluster, kind: 'Secret', namespace, name })} />
        </div>
      </section>
      <CertificateCards secret={secret} />
    </div>
  )
}
