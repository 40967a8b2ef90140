import type { KindId, KubeResource } from '@meshdeck/kube'
import { useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Select from 'antd/es/select'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/states.tsx'
import { YamlEditor, type LineProblem } from '../../components/yaml-editor.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { AwaitClusters } from '../../resource-kit/await-clusters.tsx'
import { ChangeSetReview } from '../../resource-kit/change-set/change-set-review.tsx'
import type { PlannedChange } from '../../resource-kit/change-set/planned-change.ts'
import { LeaveGuard } from '../../resource-kit/leave-guard.tsx'
import css from '../../resource-kit/resource-kit.css?inline'
import { presentObject } from '../../resource-kit/resource-queries.ts'
import { readDocuments } from './read-documents.ts'

const schema = searchSchema({ clusters: param.list() })

/** `/meshes/:mesh/config/-import?clusters=`: objects of several YAML documents, reviewed and applied as one change. */
export function ImportPage() {
  useStyle(css)
  const { t } = useTranslation('imports')
  const { clusters } = useMeshScope()
  const client = useQueryClient()
  const [search, setSearch] = usePageSearch(schema)
  const [text, setText] = useState('')
  const [asking, setAsking] = useState(false)
  const [failure, setFailure] = useState<Error>()
  const [changes, setChanges] = useState<readonly PlannedChange[]>()
  const { objects, problems } = useMemo(() => readDocuments(text), [text])
  const marked = useMemo<LineProblem[]>(
    () =>
      problems.map(({ line, code, values }) => ({ line, message: t(`problems.${code}`, values), severity: 'error' })),
    [problems, t],
  )
  if (clusters.length === 0) return <AwaitClusters />
  const named = clusters.filter((each) => search.clusters.includes(each))
  const chosen = named.length > 0 ? named : clusters.slice(0, 1)

  /** What is to be written for an object, with what is there of it now. */
  const plan = async (cluster: string, kind: KindId, after: KubeResource): Promise<PlannedChange> => {
    const { namespace, name } = after.metadata
    const before = await presentObject(client, {
      cluster,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    })
    return { cluster, kind, before, after }
  }
  const handleReview = async (): Promise<void> => {
    setAsking(true)
    setFailure(undefined)
    try {
      // Cluster by cluster: what fails in one is not written to the next.
      const planned = chosen.flatMap((cluster) => objects.map(({ kind, object }) => plan(cluster, kind, object)))
      setChanges(await Promise.all(planned))
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setAsking(false)
    }
  }

  return (
    <Page title={t('title')} description={t('what')}>
      <LeaveGuard dirty={changes === undefined && text.trim() !== ''} />
      {changes !== undefined ? (
        <ChangeSetReview changes={changes} onBack={() => setChanges(undefined)} />
      ) : (
        <>
          {failure && <ErrorState error={failure} onRetry={() => void handleReview()} />}
          {marked.length > 0 && (
            <Alert
              type="error"
              showIcon
              title={t('faulty')}
              description={
                <ul>
                  {marked.map(({ line = 1, message }) => (
                    <li key={`${line} ${message}`}>{t('line', { line, message })}</li>
                  ))}
                </ul>
              }
            />
          )}
          <section className="md-card md-editor-yaml">
            <header>
              <h2>{t('documents')}</h2>
              <span className="md-muted" role="status">
                {t('found', { count: objects.length })}
              </span>
              <span className="md-push md-buttons">
                <Select
                  className="md-import-clusters"
                  mode="multiple"
                  aria-label={t('clusters')}
                  value={chosen}
                  options={clusters.map((value) => ({ value, label: value }))}
                  onChange={(next) => setSearch({ clusters: next }, { replace: true })}
                />
                <Button
                  type="primary"
                  loading={asking}
                  disabled={objects.length === 0 || problems.length > 0}
                  onClick={() => void handleReview()}
                >
                  {t('review')}
                </Button>
              </span>
            </header>
            <YamlEditor value={text} onChange={setText} problems={marked} label={t('documents')} />
          </section>
        </>
      )}
    </Page>
  )
}
