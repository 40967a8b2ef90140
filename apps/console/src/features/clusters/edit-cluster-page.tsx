import type { ClusterView } from '@meshdeck/contract'
import { credentialPaths, paths } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { Page } from '../../components/page.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { problemOf, useProblemText } from '../../components/problem-text.tsx'
import { QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { api } from '../../lib/api.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'
import { EDIT_FIELDS, editCommand, editProblems, toEditCluster, toEditInput, type EditInput } from './edit-input.ts'
import { CredentialField } from './credential-field.tsx'
import { credentialProblem, KEPT, toCredential, type CredentialInput } from './credential-input.ts'
import { PrometheusField } from './prometheus-field.tsx'
import { LineField } from './line-field.tsx'

/** What is said of a joined cluster, at `/clusters/:cluster/-edit`. */
export function EditClusterPage() {
  useStyle(kitCss)
  const { t } = useTranslation('joining')
  const { cluster: name = '' }: { cluster?: string } = useParams({ strict: false })
  const query = useQuery(clusterQueries.detail(name))
  const { allowed, pending } = useCan('update', 'Cluster', { cluster: HUB, name })
  if (query.data !== undefined && allowed) return <EditCluster key={name} cluster={query.data} />
  return (
    <Page title={t('edit.title', { name })}>
      <QueryView query={query}>
        {() => !pending && <MissingRight verb="update" kind="Cluster" cluster={HUB} name={name} />}
      </QueryView>
    </Page>
  )
}

function EditCluster({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation('joining')
  const { name } = cluster
  const navigate = useNavigate()
  const client = useQueryClient()
  const describe = useProblemText()
  /** What the editor began with: later answers are compared with it, and never overwrite what was typed. */
  const [opened, setOpened] = useState(cluster)
  const [input, setInput] = useState(() => toEditInput(cluster))
  const [credential, setCredential] = useState<CredentialInput>(KEPT)
  const [saved, setSaved] = useState(false)
  const before = toEditInput(opened)
  const theirs = toEditInput(cluster)
  const problems = editProblems(input)
  const credentialFault = credentialProblem(credential)
  const command = editCommand(name, before, input)
  const isDirty = command !== undefined || credential.choice !== 'keep'
  const changedByOthers = cluster.generation !== opened.generation && !saved

  const save = useMutation({
    mutationFn: async (it: EditInput) =>
      (
        await api.put<ClusterView>(
          paths.cluster(name),
          toEditCluster(it, opened.generation ?? 1, toCredential(credential)),
        )
      ).data,
    meta: { silent: true, success: t('edit.done', { name }) },
    onSuccess: () => {
      setSaved(true)
      invalidateKind(client, HUB, 'Cluster')
      void navigate({ ...places.cluster(name), ignoreBlocker: true })
    },
    // The answer tells of a conflict; the page shows what is there now.
    onError: () => invalidateKind(client, HUB, 'Cluster'),
  })
  const isConflict = save.error !== null && problemOf(save.error).code === 'conflict'
  const failure = save.error && !isConflict ? describe(save.error) : undefined
  const text = (field: keyof EditInput, label: string, help?: string) => (
    <LineField
      label={label}
      value={input[field]}
      fault={problems[field] && t(`edit.problems.${problems[field]}`)}
      onChange={(value) => setInput({ ...input, [field]: value })}
      {...(help === undefined ? {} : { help })}
    />
  )
  return (
    <Page
      title={t('edit.title', { name })}
      description={t('edit.what')}
      actions={
        <>
          <Button onClick={() => void navigate(places.cluster(name))}>{t('common:actions.cancel')}</Button>
          <Button
            type="primary"
            disabled={!isDirty || Object.keys(problems).length > 0 || credentialFault !== undefined || changedByOthers}
            loading={save.isPending}
            onClick={() => save.mutate(input)}
          >
            {t('edit.save')}
          </Button>
        </>
      }
    >
      <LeaveGuard dirty={isDirty && !saved} />
      {changedByOthers && (
        <Alert
          type="warning"
          showIcon
          title={t('edit.changed.title')}
          description={
            <div className="md-stack">
              <ul>
                {EDIT_FIELDS.filter((field) => theirs[field] !== before[field]).map((field) => (
                  <li key={field}>
                    {t(`edit.fields.${field}`)}: {before[field] || '–'} → {theirs[field] || '–'}
                  </li>
                ))}
              </ul>
              <div className="md-buttons">
                <Button
                  onClick={() => {
                    setInput(theirs)
                    setOpened(cluster)
                    save.reset()
                  }}
                >
                  {t('edit.changed.take')}
                </Button>
                <Button
                  onClick={() => {
                    setInput(onTop(theirs, before, input))
                    setOpened(cluster)
                    save.reset()
                  }}
                >
                  {t('edit.changed.keep')}
                </Button>
              </div>
            </div>
          }
        />
      )}
      {failure && <FailureAlert failure={failure} />}
      <section className="md-card">
        <div className="md-card-body">
          <div className="md-head">
            {text('displayName', t('edit.fields.displayName'))}
            {text('provider', t('edit.fields.provider'), t('edit.providerHelp'))}
            {text('region', t('edit.fields.region'))}
            {text('network', t('edit.fields.network'), t('edit.networkHelp'))}
            <PrometheusField
              path={credentialPaths.prometheusTest(name)}
              input={input}
              credential={toCredential(credential)}
              problems={problems}
              onChange={(change) => setInput({ ...input, ...change })}
            />
            <CredentialField
              input={credential}
              secret={cluster.prometheusSecret}
              problem={credentialFault}
              onChange={setCredential}
            />
          </div>
        </div>
      </section>
      {command !== undefined && <CommandBox command={command} />}
    </Page>
  )
}

/** One's own changes on top of what is there now. */
function onTop(theirs: EditInput, before: EditInput, mine: EditInput): EditInput {
  const changed = EDIT_FIELDS.filter((field) => mine[field] !== before[field])
  return { ...theirs, ...Object.fromEntries(changed.map((field) => [field, mine[field]])) }
}
