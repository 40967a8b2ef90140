import { kindOf, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { withState } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../components/page.tsx'
import { EmptyState, ErrorState, LoadingState } from '../components/states.tsx'
import { useCan } from '../lib/access.ts'
import { ApiError } from '../lib/api.ts'
import { refOfEntry } from '../lib/history-places.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { alignKeys, toEditableYaml } from './draft.ts'
import { historyQueries } from './history-queries.ts'
import { MissingRight } from './missing-right.tsx'
import { ResourceEditor, type EditorView } from './resource-editor.tsx'
import { resourceQueries } from './resource-queries.ts'

export interface RestoreResourceProps {
  target: ResourceRef
  /** Id of the entry whose state is to come back. */
  entry: string
  view: EditorView
  onView: (view: EditorView) => void
}

/**
 * Opens the review of a change back to a state of the history: of the present object, or, where it was deleted, of a new
 * one. From there on all is as with any other change.
 */
export function RestoreResource({ target, entry, view, onView }: RestoreResourceProps) {
  const { t } = useTranslation('history')
  const { mesh } = useMeshScope()
  const past = useQuery(historyQueries.entry(mesh, entry))
  const live = useQuery(resourceQueries.detail(target))
  const isGone = live.error instanceof ApiError && live.error.status === 404
  const verb = isGone ? 'create' : 'update'
  const right = useCan(verb, target.kind, target)
  const state = past.data && isOf(past.data.entry, target) ? past.data.object : undefined
  // What it begins with stays: once it is written, the object is there, and the result is still to be read.
  const [start, setStart] = useState<{ base: KubeResource | undefined; text: string }>()
  const isSame =
    state !== undefined && live.data !== undefined && textOf(state, live.data) === toEditableYaml(live.data)
  if (start === undefined && state !== undefined && !isSame && right.allowed && (isGone || live.data !== undefined)) {
    const base = isGone ? undefined : live.data
    setStart({ base, text: textOf(state, base) })
  }
  if (start !== undefined) {
    return (
      <ResourceEditor
        kind={target.kind}
        cluster={target.cluster}
        opened={start.base}
        latest={start.base && live.data}
        gone={start.base !== undefined && isGone}
        initialText={start.text}
        startAt="review"
        view={view}
        onView={onView}
      />
    )
  }
  const error = past.error ?? (isGone ? undefined : live.error)
  return (
    <Page title={target.name}>
      {error ? (
        <ErrorState error={error} onRetry={() => void Promise.all([past.refetch(), live.refetch()])} />
      ) : past.isPending || live.isPending || right.pending ? (
        <LoadingState />
      ) : state === undefined ? (
        <EmptyState title={t('restore.none')}>{t('restore.noneWhat')}</EmptyState>
      ) : isSame ? (
        <EmptyState title={t('restore.same')}>{t('restore.sameWhat')}</EmptyState>
      ) : (
        <MissingRight verb={verb} {...target} />
      )}
    </Page>
  )
}

const textOf = (state: KubeResource, live: KubeResource | undefined): string =>
  toEditableYaml(alignKeys(withState(state, live), live))

/** A link is typed by hand and shared: an entry of another object must not be written over this one. */
function isOf(
  entry: { cluster: string; kind: string; namespace?: string; name: string },
  target: ResourceRef,
): boolean {
  const { kind, cluster, namespace, name } = target
  const ref = refOfEntry(entry, kind)
  return entry.kind === kindOf(kind).id && ref.cluster === cluster && ref.namespace === namespace && ref.name === name
}
