import DownOutlined from '@ant-design/icons/es/icons/DownOutlined'
import RightOutlined from '@ant-design/icons/es/icons/RightOutlined'
import type { MonitoringChoices, MonitoringSection } from '@meshdeck/contract'
import type { UseQueryResult } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../../components/states.tsx'
import { PanelCard } from './panel-card.tsx'
import type { SectionQuestion } from './use-sections.ts'

export interface SectionViewProps {
  question: SectionQuestion
  open: boolean
  query: UseQueryResult<MonitoringSection>
  links: MonitoringChoices['links'] | undefined
  onTurn: () => void
  /** Unix seconds. */
  onZoom: (from: number, to: number) => void
}

/** A row of panels that can be closed; closed ones ask nothing. */
export function SectionView({ question, open, query, links, onTurn, onZoom }: SectionViewProps) {
  const { section } = question
  const { t } = useTranslation('monitoring')
  const id = useId()
  return (
    <section className="md-monitoring-section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <button type="button" aria-expanded={open} aria-controls={id} onClick={onTurn}>
          {open ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />} {t(`sections.${section.id}`)}
        </button>
      </h2>
      <div id={id}>
        {open && (
          <QueryView query={query}>
            {(answer) => (
              <div className="md-monitoring-panels" aria-busy={query.isPlaceholderData}>
                {section.panels.map((panel) => {
                  const told = answer.panels.find((each) => each.id === panel.id)
                  return (
                    told && (
                      <PanelCard
                        key={panel.id}
                        panel={panel}
                        told={told}
                        frame={answer}
                        question={question}
                        links={links}
                        onZoom={onZoom}
                      />
                    )
                  )
                })}
              </div>
            )}
          </QueryView>
        )}
      </div>
    </section>
  )
}
