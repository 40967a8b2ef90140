import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../components/problem-text.tsx'
import { EmptyState } from '../../components/states.tsx'
import type { SetSearch } from '../../lib/search-params.ts'
import type { TopologySearch } from './topology-search.ts'

/** There is traffic, but all of it is hidden, or the node whose surroundings are wanted has none. */
export function NothingShown({ onSearch }: { onSearch: SetSearch<TopologySearch> }) {
  const { t } = useTranslation('topology')
  return (
    <EmptyState
      title={t('nothingShown.title')}
      action={
        <Button type="primary" onClick={() => onSearch({ hide: '', focus: '' })}>
          {t('nothingShown.action')}
        </Button>
      }
    >
      {t('nothingShown.hint')}
    </EmptyState>
  )
}

/** The earlier moment could not be asked for; the present one is shown by itself. */
export function ComparisonFailed({ error }: { error: unknown }) {
  const { t } = useTranslation('topology')
  const { title, hint } = useProblemText()(error)
  return <Alert type="warning" showIcon className="md-banner" title={`${t('comparison.failed')} ${title} ${hint}`} />
}
