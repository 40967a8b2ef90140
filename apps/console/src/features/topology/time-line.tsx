import CaretRightOutlined from '@ant-design/icons/es/icons/CaretRightOutlined'
import PauseOutlined from '@ant-design/icons/es/icons/PauseOutlined'
import StepBackwardOutlined from '@ant-design/icons/es/icons/StepBackwardOutlined'
import StepForwardOutlined from '@ant-design/icons/es/icons/StepForwardOutlined'
import Button from 'antd/es/button'
import Select from 'antd/es/select'
import Slider from 'antd/es/slider'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { ChangeMarks } from './changes/change-marks.tsx'
import { changeQueries } from './changes/change-queries.ts'
import { changesBefore, groupChanges } from './changes/group-changes.ts'
import { RecentChanges } from './changes/recent-changes.tsx'
import { nextMoment, SPANS, timeRange } from './replay.ts'
import { COMPARED, type TopologySearch } from './topology-search.ts'
import { useReducedMotion } from './use-reduced-motion.ts'
import { useWindowName } from './window-name.ts'

export interface TimeLineProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  /** Unix seconds of the numbers on the page. */
  shown: number | undefined
  /** The numbers of the moment that was asked for are not there yet: a replay waits for them. */
  waiting: boolean
}

/** How long a replay rests at each moment. */
const FRAME_MS = 1_500

/** The last hours as a line: any moment of them, what was changed meanwhile, a replay of all, and what is compared with. */
export function TimeLine({ search, onSearch, shown, waiting }: TimeLineProps) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const format = useFormat()
  const spanName = useWindowName()
  const calm = useReducedMotion()
  const [opened] = useState(() => Math.floor(Date.now() / 1000))
  const [replaying, setReplaying] = useState(false)
  const { at, span } = search
  // While one looks at a past moment the line stands still.
  const range = timeRange(span, at, at === 0 ? (shown ?? opened) : opened)
  const next = nextMoment(at, range)
  const moment = at || range.to
  const playing = replaying && !calm
  const { namespaces, clusters } = search
  // To the end of the step that has begun: what was changed just now belongs to it.
  const asked = useQuery(
    changeQueries.between(mesh, { from: range.from, to: range.to + range.step, namespaces, clusters }),
  )
  const changes = asked.data?.items ?? []

  useEffect(() => {
    if (!playing || waiting) return
    const timer = setTimeout(() => {
      if (next === undefined) setReplaying(false)
      else onSearch({ at: next }, { replace: true })
    }, FRAME_MS)
    return () => clearTimeout(timer)
  }, [playing, waiting, next, onSearch])

  const handleReplay = () => {
    setReplaying(!playing)
    if (!playing && (at === 0 || next === undefined)) onSearch({ at: range.from })
  }
  const handleStep = (to: number) => {
    setReplaying(false)
    onSearch({ at: to })
  }
  const compared = COMPARED.some((each) => each === search.compare) ? [...COMPARED] : [...COMPARED, search.compare]
  return (
    <>
      <div className="md-topology-timeline" role="group" aria-label={t('timeLine.label')}>
        <Button
          size="small"
          icon={<StepBackwardOutlined />}
          aria-label={t('timeLine.back')}
          disabled={moment - range.step < range.from}
          onClick={() => handleStep(moment - range.step)}
        />
        {!calm && (
          <Button
            size="small"
            icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
            aria-label={t(playing ? 'timeLine.pause' : 'timeLine.play')}
            onClick={handleReplay}
          />
        )}
        <Button
          size="small"
          icon={<StepForwardOutlined />}
          aria-label={t('timeLine.forward')}
          disabled={at === 0 || next === undefined}
          onClick={() => next !== undefined && handleStep(next)}
        />
        <time className="md-muted">{format.time(range.from * 1000)}</time>
        <div className="md-topology-slider">
          <Slider
            min={range.from}
            max={range.to}
            step={range.step}
            value={moment}
            tooltip={{ formatter: (value) => format.dateTime((value ?? 0) * 1000) }}
            ariaLabelForHandle={t('timeLine.moment')}
            ariaValueTextFormatterForHandle={(value) => format.dateTime(value * 1000)}
            onChange={(value) => {
              setReplaying(false)
              onSearch({ at: value }, { replace: true })
            }}
          />
          <ChangeMarks
            groups={groupChanges(changes, range)}
            at={moment}
            onMoment={(to) => handleStep(to > range.to ? 0 : to)}
          />
        </div>
        <time className="md-muted">{format.time(range.to * 1000)}</time>
        <Select
          size="small"
          value={span}
          aria-label={t('timeLine.span')}
          options={SPANS.map((each) => ({ value: each.span, label: spanName(each.span) }))}
          onChange={(value) => onSearch({ span: value })}
          popupMatchSelectWidth={false}
        />
        {at !== 0 && (
          <Button size="small" onClick={() => handleStep(0)}>
            {t('instant.follow')}
          </Button>
        )}
        <Select
          size="small"
          value={search.compare}
          aria-label={t('timeLine.compare')}
          options={compared.map((seconds) => ({
            value: seconds,
            label: seconds === 0 ? t('timeLine.noCompare') : t('timeLine.compareWith', { span: spanName(seconds) }),
          }))}
          onChange={(compare) => onSearch({ compare })}
          popupMatchSelectWidth={false}
        />
      </div>
      <RecentChanges
        entries={changesBefore(changes, at, range)}
        error={asked.error}
        onRetry={() => void asked.refetch()}
      />
    </>
  )
}
