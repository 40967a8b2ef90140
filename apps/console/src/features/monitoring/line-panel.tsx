import { useCallback, useMemo, useRef, useState, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { joinCharts, type ECharts } from '../../charts/echarts.ts'
import type { TimePoint } from '../../charts/time-chart-option.ts'
import type { TimeMark } from '../../charts/time-marks.ts'
import { TimeChart } from '../../charts/time-chart.tsx'
import { useChartColours } from '../../charts/use-chart-colours.ts'
import { useSeen } from '../../lib/use-seen.ts'
import type { Frame } from './panel-card.tsx'

/** A series with its name in the reader's words. */
export interface Line {
  /** Tells it from the other lines of its panel. */
  id: string
  name: string
  points: readonly TimePoint[]
  below: boolean
}

export interface LinePanelProps {
  title: string
  lines: readonly Line[]
  frame: Frame
  print: (value: number) => string
  goal: number | undefined
  least: number | undefined
  /** Single points over the lines. */
  marks?: readonly TimeMark[] | undefined
  /** Unix seconds. */
  onZoom: (from: number, to: number) => void
}

/** All charts of a page show the same moment when one of them is pointed at. */
const GROUP = 'monitoring'
/** Less is a click, or a hand that is not steady. */
const LEAST_DRAG_PIXELS = 8

/** Lines over time and the same as a table, which is their legend. Drawing over the chart shows that time in all panels. */
export function LinePanel({ title, lines, frame, print, goal, least, marks, onZoom }: LinePanelProps) {
  const { t } = useTranslation('monitoring')
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const chart = useRef<ECharts>(undefined)
  const handleChart = useCallback((next: ECharts | undefined) => {
    chart.current = next
    if (next) joinCharts(next, GROUP)
  }, [])
  const shown = useMemo(
    () => lines.map((line) => (hidden.has(line.id) ? { ...line, points: [] } : line)),
    [lines, hidden],
  )
  const goalLine = useMemo(() => (goal === undefined ? undefined : { value: goal, name: t('goal') }), [goal, t])
  const handleRange = (left: number, right: number): void => {
    const [from, to] = [left, right].map((x) => Number(chart.current?.convertFromPixel({ xAxisIndex: 0 }, x)) / 1000)
    if (from === undefined || to === undefined || !Number.isFinite(from) || !Number.isFinite(to)) return
    onZoom(Math.max(frame.from, Math.floor(from)), Math.min(frame.to, Math.ceil(to)))
  }
  return (
    <>
      <Brush onRange={handleRange}>
        <TimeChart
          className="md-panel-chart"
          label={t('chart', { title, count: lines.length })}
          series={shown}
          from={frame.from}
          to={frame.to}
          step={frame.step}
          print={print}
          onChart={handleChart}
          {...(goalLine === undefined ? {} : { goal: goalLine })}
          {...(least === undefined ? {} : { least })}
          {...(marks === undefined ? {} : { marks })}
        />
      </Brush>
      <LineTable
        title={title}
        lines={lines}
        print={print}
        hidden={hidden}
        onTurn={(id) =>
          setHidden((before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]))
        }
      />
    </>
  )
}

interface LineTableProps {
  title: string
  lines: readonly Line[]
  print: (value: number) => string
  hidden: ReadonlySet<string>
  onTurn: (id: string) => void
}

/** What the lines say in figures, each with its colour; those in the chart are pressed. */
function LineTable({ title, lines, print, hidden, onTurn }: LineTableProps) {
  const { t } = useTranslation('monitoring')
  const { series: colours } = useChartColours()
  const show = (value: number | undefined): string => (value === undefined ? '–' : print(value))
  return (
    <div className="md-panel-lines" role="region" aria-label={t('table', { title })}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('columns.series')}</th>
            <th scope="col">{t('columns.mean')}</th>
            <th scope="col">{t('columns.highest')}</th>
            <th scope="col">{t('columns.latest')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, name, points }, index) => {
            const values = points.map(([, value]) => value)
            const sum = values.reduce((all, value) => all + value, 0)
            return (
              <tr key={id}>
                <th scope="row">
                  <button type="button" aria-pressed={!hidden.has(id)} onClick={() => onTurn(id)}>
                    <span
                      className="md-chart-swatch"
                      style={{
                        borderTopColor: colours[index % colours.length] ?? '',
                        borderTopStyle: index < colours.length ? 'solid' : 'dashed',
                      }}
                    />
                    {name}
                  </button>
                </th>
                <td>{show(values.length === 0 ? undefined : sum / values.length)}</td>
                <td>{show(values.length === 0 ? undefined : Math.max(...values))}</td>
                <td>{show(values.at(-1))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** A stretch is marked by drawing over what is inside. For the keyboard there is the page's form of times. */
function Brush({ onRange, children }: { onRange: (left: number, right: number) => void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const [drawn, setDrawn] = useState<{ start: number; end: number }>()
  const at = (event: PointerEvent): number => event.clientX - (box.current?.getBoundingClientRect().left ?? 0)
  const finish = (): void => {
    if (drawn && Math.abs(drawn.end - drawn.start) >= LEAST_DRAG_PIXELS)
      onRange(Math.min(drawn.start, drawn.end), Math.max(drawn.start, drawn.end))
    setDrawn(undefined)
  }
  return (
    <div
      ref={box}
      className="md-panel-brush"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrawn({ start: at(event), end: at(event) })
      }}
      onPointerMove={(event) => setDrawn((before) => before && { ...before, end: at(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrawn(undefined)}
    >
      {seen && children}
      {drawn && (
        <div
          className="md-panel-drawn"
          style={{ left: Math.min(drawn.start, drawn.end), width: Math.abs(drawn.end - drawn.start) }}
        />
      )}
    </div>
  )
}
