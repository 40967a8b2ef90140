import type { MonitoringPanel } from '@meshdeck/contract'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { RowMenu, type RowAction } from '../../components/row-menu.tsx'
import { saveText } from '../../lib/save-text.ts'
import { grafanaExplore } from '../../lib/outside-links.ts'
import { panelCsv } from './panel-csv.ts'
import type { Frame } from './panel-card.tsx'

export interface PanelActionsProps {
  title: string
  told: MonitoringPanel
  frame: Frame
  grafana: string | undefined
}

/** What can be done with a panel: read its queries, take its figures along, go on in Grafana. */
export function PanelActions({ title, told, frame, grafana }: PanelActionsProps) {
  const { t } = useTranslation('monitoring')
  const [queries, setQueries] = useState(false)
  const actions: RowAction[] = [
    { key: 'queries', label: t('actions.queries'), onClick: () => setQueries(true) },
    ...(told.series.length === 0
      ? []
      : [
          {
            key: 'csv',
            label: t('actions.csv'),
            onClick: () => saveText(`${told.id}-${frame.from}-${frame.to}.csv`, panelCsv(told)),
          },
        ]),
    ...(grafana === undefined
      ? []
      : [
          {
            key: 'grafana',
            label: t('actions.grafana'),
            onClick: () => {
              window.open(grafanaExplore(grafana, told.queries, frame), '_blank', 'noopener,noreferrer')
            },
          },
        ]),
  ]
  return (
    <>
      <RowMenu name={title} actions={actions} />
      <Modal
        open={queries}
        title={t('queries.title', { title })}
        footer={null}
        width={760}
        destroyOnHidden
        onCancel={() => setQueries(false)}
      >
        <p className="md-muted">{t('queries.what', { window: frame.window })}</p>
        <div className="md-panel-queries">
          {told.queries.map(({ id, promql }) => (
            <CommandBox key={id} title={t(`series.${id}`)} command={promql} />
          ))}
        </div>
      </Modal>
    </>
  )
}
