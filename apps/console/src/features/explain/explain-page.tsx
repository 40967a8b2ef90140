import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { ExplainAnswer } from './explain-answer.tsx'
import { ExplainForm } from './explain-form.tsx'
import { explainSchema } from './explain-search.ts'
import css from './explain.css?inline'
import { explainQueries } from './queries.ts'
import { toRequest } from './to-request.ts'

/** Asks what happens to a request, and shows why. The question stands in the address. */
export function ExplainPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('explain')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(explainSchema)
  const { request } = toRequest(search)
  const query = useQuery(explainQueries.answer(mesh, request))
  return (
    <Page
      title={t('title')}
      description={t('what')}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      {/* The address may change without the form: by a link, or by going back. */}
      <ExplainForm key={JSON.stringify(search)} value={search} onAsk={setSearch} />
      {request === undefined ? (
        <EmptyState title={t('empty.title')}>{t('empty.what')}</EmptyState>
      ) : (
        <QueryView query={query}>{(answer) => <ExplainAnswer answer={answer} />}</QueryView>
      )}
    </Page>
  )
}
