import type { ConnectionTest } from '@meshdeck/contract'
import { credentialPaths } from '@meshdeck/contract'
import { HUB, MESHDECK_NAMESPACE } from '@meshdeck/kube'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { api } from '../../lib/api.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'
import { AccountCard } from './account-card.tsx'
import { useAccount } from './account-plan.ts'
import { refusedField, withAccount } from './join-input.ts'
import { KubeconfigField, type KubeconfigInput } from './kubeconfig-field.tsx'
import { TestSteps } from './test-steps.tsx'
import { useMayRenew } from './use-may-renew.ts'
import { useReason } from './use-reason.ts'

/** Another credential for a joined cluster, at `/clusters/:cluster/-renew`: test first, then it takes the old one's place. */
export function RenewCredentialPage() {
  useStyle(kitCss)
  const { t } = useTranslation('joining')
  const { cluster: name = '' }: { cluster?: string } = useParams({ strict: false })
  const query = useQuery(clusterQueries.detail(name))
  const { allowed, pending } = useMayRenew()
  if (query.data?.source === 'secret' && allowed) return <RenewCredential key={name} name={name} />
  return (
    <Page title={t('renew.title', { name })}>
      <section className="md-card">
        <QueryView query={query}>
          {({ source }) =>
            source !== 'secret' ? (
              <EmptyState title={t('renew.elsewhere.title')}>{t(`renew.elsewhere.${source}`)}</EmptyState>
            ) : (
              !pending && <MissingRight verb="update" kind="Secret" cluster={HUB} namespace={MESHDECK_NAMESPACE} />
            )
          }
        </QueryView>
      </section>
    </Page>
  )
}

const EMPTY: KubeconfigInput = { kubeconfig: '', context: '' }

const toBody = ({ kubeconfig, context }: KubeconfigInput) => ({ kubeconfig, ...(context === '' ? {} : { context }) })

function RenewCredential({ name }: { name: string }) {
  const { t } = useTranslation('joining')
  const navigate = useNavigate()
  const client = useQueryClient()
  const describe = useProblemText()
  const reasonOf = useReason()
  const [input, setInput] = useState(EMPTY)
  const account = useAccount(name, input)
  const [asked, setAsked] = useState(false)
  const [renewed, setRenewed] = useState(false)

  const test = useMutation({
    mutationFn: async (it: KubeconfigInput) =>
      (await api.post<ConnectionTest>(credentialPaths.credentialTest(name), toBody(it))).data,
    meta: { silent: true },
    gcTime: 0,
  })
  const renew = useMutation({
    mutationFn: async (it: KubeconfigInput) =>
      (await api.put<ConnectionTest>(credentialPaths.credential(name), withAccount(toBody(it), account.choice))).data,
    meta: { silent: true, success: t('renew.done', { name }) },
    gcTime: 0,
    onSuccess: () => {
      setRenewed(true)
      invalidateKind(client, HUB, 'Cluster')
      void navigate({ ...places.cluster(name), ignoreBlocker: true })
    },
  })
  // A test says nothing about what was typed since.
  const fresh = test.variables === input ? test.data : undefined
  const error = renew.error ?? (test.variables === input ? test.error : null)
  const failure = error && describe(error)
  const missing = asked && input.kubeconfig.trim() === '' ? t('problems.kubeconfigMissing') : undefined
  const refused = fresh?.steps.find(({ step, result }) => step === 'kubeconfig' && result === 'failed')

  const handleTest = () => {
    setAsked(true)
    renew.reset()
    if (input.kubeconfig.trim() !== '') test.mutate(input)
  }
  return (
    <Page
      title={t('renew.title', { name })}
      description={t('renew.what')}
      actions={
        <>
          <Button onClick={() => void navigate(places.cluster(name))}>{t('actions.cancel')}</Button>
          <Button loading={test.isPending} onClick={handleTest}>
            {t('test')}
          </Button>
          <Button
            type="primary"
            disabled={fresh?.ok !== true || !account.isReady}
            loading={renew.isPending}
            onClick={() => renew.mutate(input)}
          >
            {t('renew.renew')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={input !== EMPTY && !renewed} />
      <section className="md-card">
        <div className="md-card-body md-stack">
          <KubeconfigField
            input={input}
            contexts={test.data?.contexts ?? []}
            faults={{
              ...(refused && fresh
                ? { [refusedField(refused.code, fresh.contexts)]: reasonOf(refused) ?? refused.message }
                : {}),
              ...(missing === undefined ? {} : { kubeconfig: missing }),
            }}
            onChange={(next) => {
              setInput(next)
              renew.reset()
            }}
          />
        </div>
      </section>
      {failure && <FailureAlert failure={failure} />}
      {fresh && (
        <section className="md-card">
          <header>
            <h2>{t('result')}</h2>
          </header>
          <div className="md-card-body">
            <TestSteps test={fresh} context={input.context} />
          </div>
        </section>
      )}
      {fresh?.ok && <AccountCard account={account} />}
    </Page>
  )
}
