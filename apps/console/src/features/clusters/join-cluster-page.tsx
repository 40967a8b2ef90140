import type { ClusterView, ConnectionTest } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Radio from 'antd/es/radio'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { useCan } from '../../lib/access.ts'
import { api } from '../../lib/api.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'
import { AccountCard } from './account-card.tsx'
import { useAccount } from './account-plan.ts'
import { CandidatesCard } from './candidates-card.tsx'
import { JoinForm } from './join-form.tsx'
import {
  couldJoin,
  EMPTY_INPUT,
  joinProblems,
  reached,
  refusedField,
  toJoinCluster,
  withAccount,
  type JoinInput,
} from './join-input.ts'
import { TestSteps } from './test-steps.tsx'
import { useReason } from './use-reason.ts'

const schema = searchSchema({ from: param.oneOf(['kubeconfig', 'hub'], 'kubeconfig') })

/** Brings clusters in: one by its kubeconfig, test first, then join; or several that others on the hub know. */
export function JoinClusterPage() {
  useStyle(kitCss)
  const { t } = useTranslation(['fleet', 'joining'])
  const { allowed, pending } = useCan('create', 'Cluster', { cluster: HUB })
  const [{ from }, setSearch] = usePageSearch(schema)
  const way = (
    <Radio.Group
      aria-label={t('joining:from.title')}
      value={from}
      onChange={({ target }) => setSearch({ from: target.value === 'hub' ? 'hub' : 'kubeconfig' })}
    >
      <Radio value="kubeconfig">{t('joining:from.kubeconfig')}</Radio>
      <Radio value="hub">{t('joining:from.hub')}</Radio>
    </Radio.Group>
  )
  if ((allowed || pending) && from === 'kubeconfig') return <JoinCluster way={way} />
  if (allowed || pending)
    return (
      <Page title={t('clusters.join')}>
        {way}
        <CandidatesCard />
      </Page>
    )
  return (
    <Page title={t('clusters.join')}>
      <section className="md-card">
        <MissingRight verb="create" kind="Cluster" cluster={HUB} />
      </section>
    </Page>
  )
}

function JoinCluster({ way }: { way: ReactNode }) {
  const { t } = useTranslation(['fleet', 'joining'])
  const navigate = useNavigate()
  const client = useQueryClient()
  const describe = useProblemText()
  const reasonOf = useReason()
  const clusters = useQuery(clusterQueries.list())
  const [input, setInput] = useState(EMPTY_INPUT)
  const [shown, setShown] = useState(false)
  const [joined, setJoined] = useState(false)
  /** The input that the last test was about: a test says nothing about what was typed since. */
  const [tested, setTested] = useState<JoinInput>()
  const account = useAccount(input.name, input)
  const problems = joinProblems(input, clusters.data?.items.map(({ name }) => name) ?? [])

  const test = useMutation({
    mutationFn: async (it: JoinInput) => (await api.post<ConnectionTest>(paths.clusterTest, toJoinCluster(it))).data,
    meta: { silent: true },
    gcTime: 0,
  })
  const join = useMutation({
    mutationFn: async (it: JoinInput) =>
      (await api.post<ClusterView>(paths.clusterJoin, withAccount(toJoinCluster(it), account.choice))).data,
    meta: { silent: true, success: t('joining:done', { name: input.name }) },
    gcTime: 0,
    onSuccess: ({ name }) => {
      setJoined(true)
      invalidateKind(client, HUB, 'Cluster')
      void navigate({ ...places.cluster(name), ignoreBlocker: true })
    },
  })
  const fresh = tested === input ? test.data : undefined
  const joinable = fresh !== undefined && couldJoin(fresh)
  const error = join.error ?? (tested === input ? test.error : null)
  const failure = error && describe(error)
  const refused = fresh?.steps.find(({ step, result }) => step === 'kubeconfig' && result === 'failed')

  const handleTest = () => {
    setShown(true)
    if (Object.keys(problems).length > 0) return
    setTested(input)
    join.reset()
    test.mutate(input)
  }
  const handleChange = (next: JoinInput) => {
    setInput(next)
    join.reset()
  }
  return (
    <Page
      title={t('clusters.join')}
      description={t('joining:what')}
      actions={
        <>
          <Button onClick={() => void navigate(places.clusters())}>{t('actions.cancel')}</Button>
          <Button loading={test.isPending} onClick={handleTest}>
            {t('joining:test')}
          </Button>
          <Button
            type="primary"
            disabled={!joinable || !account.isReady}
            loading={join.isPending}
            onClick={() => join.mutate(input)}
          >
            {t(joinable && !fresh.ok ? 'joining:joinAnyway' : 'joining:join')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={input !== EMPTY_INPUT && !joined} />
      {way}
      <section className="md-card">
        <div className="md-card-body">
          <JoinForm
            input={input}
            onChange={handleChange}
            contexts={test.data?.contexts ?? []}
            problems={shown ? problems : {}}
            refusals={
              refused && fresh
                ? { [refusedField(refused.code, fresh.contexts)]: reasonOf(refused) ?? refused.message }
                : {}
            }
          />
        </div>
      </section>
      {failure && <FailureAlert failure={failure} />}
      {fresh && (
        <section className="md-card">
          <header>
            <h2>{t('joining:result')}</h2>
          </header>
          <div className="md-card-body">
            <TestSteps test={fresh} context={input.context} />
          </div>
        </section>
      )}
      {fresh && reached(fresh) && <AccountCard account={account} />}
    </Page>
  )
}
