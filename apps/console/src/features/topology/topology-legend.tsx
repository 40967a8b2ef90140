import Button from 'antd/es/button'
import Popover from 'antd/es/popover'
import { useTranslation } from 'react-i18next'
import { LegendShape } from './legend-shape.tsx'
import { BADGE_SHAPES } from './scene/shapes.ts'

const NODES = [
  ['mdCircle', 'workload'],
  ['mdCircle', 'version'],
  ['mdRounded', 'service'],
  ['mdHexagon', 'gateway'],
  ['mdWay', 'waypoint'],
  ['mdFolder', 'namespace'],
  ['mdFolder', 'cluster'],
] as const
const OUTSIDE = [
  ['mdLeave', 'external'],
  ['mdThrough', 'passthrough'],
  ['mdStop', 'blackhole'],
] as const

const BADGES = ['rule', 'fault', 'mirror', 'breaker', 'finding'] as const

/** What the signs of the picture mean. */
export function TopologyLegend() {
  const { t } = useTranslation('topology')
  return (
    <div className="md-topology-legend">
      <Popover trigger="click" placement="topLeft" title={t('legend.title')} content={<LegendContent />}>
        <Button size="small">{t('legend.title')}</Button>
      </Popover>
    </div>
  )
}

function LegendContent() {
  const { t } = useTranslation('topology')
  return (
    <div className="md-topology-legend-content">
      <section>
        <h3>{t('legend.health')}</h3>
        <ul>
          <li>
            <LegendShape shape="mdCircle" tone="success" />
            {t('legend.healthy')}
          </li>
          <li>
            <LegendShape shape="mdTriangle" tone="warning" solid />
            {t('legend.warning')}
          </li>
          <li>
            <LegendShape shape="mdOctagon" tone="error" solid />
            {t('legend.critical')}
          </li>
          <li>
            <LegendShape shape="mdCircle" tone="unknown" dashed />
            {t('legend.unknown')}
          </li>
        </ul>
        <h3>{t('legend.edges')}</h3>
        <ul>
          <li>{t('legend.width')}</li>
          <li>
            <LegendShape shape="mdLock" tone="success" solid />
            {t('legend.lock')}
          </li>
          <li>
            <LegendShape shape="mdOpenLock" tone="warning" solid />
            {t('legend.openLock')}
          </li>
        </ul>
      </section>
      <section>
        <h3>{t('legend.nodes')}</h3>
        <ul>
          {NODES.map(([shape, type]) => (
            <li key={type}>
              <LegendShape shape={shape} tone="unknown" />
              {t(`nodeType.${type}`)}
            </li>
          ))}
          {OUTSIDE.map(([shape, type]) => (
            <li key={type}>
              <LegendShape shape={shape} tone="unknown" solid />
              {t(`nodeType.${type}`)}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>{t('legend.signs')}</h3>
        <ul>
          <li>
            <LegendShape shape="mdOpenLock" tone="unknown" solid />
            {t('legend.noSidecar')}
          </li>
          <li>
            <LegendShape shape="mdWave" tone="success" solid />
            {t('legend.ambient')}
          </li>
          {BADGES.map((badge) => (
            <li key={badge}>
              <LegendShape shape={BADGE_SHAPES[badge]} tone={badge === 'rule' ? 'success' : 'warning'} solid />
              {t(`legend.badge.${badge}`)}
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
