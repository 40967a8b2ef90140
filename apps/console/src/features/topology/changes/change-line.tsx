import type { HistoryEntry } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../../components/app-link.tsx'
import { historyPlaces } from '../../../lib/history-places.ts'
import { useMeshScope } from '../../../lib/mesh-scope.ts'
import { useChangeWords } from './change-words.ts'

/** A change in words, with the way to its differences. */
export function ChangeLine({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const words = useChangeWords()
  const text = words(entry)
  return (
    <>
      {text}{' '}
      <AppLink place={historyPlaces.entry(mesh, entry.id)} aria-label={t('changes.seeOf', { change: text })}>
        {t('changes.see')}
      </AppLink>
    </>
  )
}
