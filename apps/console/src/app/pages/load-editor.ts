import type { ResourceRef } from '@meshdeck/kube'
import type { QueryClient } from '@tanstack/react-query'
import { schemaQueries } from '../../resource-kit/schema-queries.ts'

/**
 * Fetches all that an editor is made of at once: its page, CodeMirror and what the cluster says of the kind's fields. Each
 * would else be asked for by the one before. What fails here is asked for again, and told, by whoever needs it.
 */
export function loadEditor(client: QueryClient, { cluster, kind }: ResourceRef): void {
  void loadEditPage().catch(() => undefined)
  void client.prefetchQuery(schemaQueries.of(cluster, kind))
}

/** The page of the editor, with CodeMirror on its way beside it. */
export async function loadEditPage() {
  void import('../../components/code-mirror/yaml-view.tsx').catch(() => undefined)
  const { ResourceEditPage } = await import('./resource-edit-page.tsx')
  return { default: ResourceEditPage }
}
