import type { MonitoringChoices } from '@meshdeck/contract'
import { ErrorState } from '../../components/states.tsx'
import type { Sections } from './use-sections.ts'
import { SectionView } from './section-view.tsx'

export interface SectionListProps {
  sections: Sections
  links: MonitoringChoices['links'] | undefined
  /** Unix seconds. */
  onZoom: (from: number, to: number) => void
}

/** Sections one below the other; one error where nothing could be asked. */
export function SectionList({ sections: { shown, error, retry, turn }, links, onZoom }: SectionListProps) {
  if (error) return <ErrorState error={error} onRetry={retry} />
  return shown.map(({ question, open, query }) => (
    <SectionView
      key={question.section.id}
      question={question}
      open={open}
      query={query}
      links={links}
      onTurn={() => turn(question.section.id)}
      onZoom={onZoom}
    />
  ))
}
