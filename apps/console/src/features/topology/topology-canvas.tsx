import type { GraphChange } from '@meshdeck/mesh'
import AimOutlined from '@ant-design/icons/es/icons/AimOutlined'
import CompressOutlined from '@ant-design/icons/es/icons/CompressOutlined'
import FileImageOutlined from '@ant-design/icons/es/icons/FileImageOutlined'
import FileTextOutlined from '@ant-design/icons/es/icons/FileTextOutlined'
import MinusOutlined from '@ant-design/icons/es/icons/MinusOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Tooltip from 'antd/es/tooltip'
import { useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EChart } from '../../charts/e-chart.tsx'
import { useChartColours } from '../../charts/use-chart-colours.ts'
import { LoadingState } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import { download, downloadText } from './download.ts'
import type { Found, GraphIndex } from './graph-index.ts'
import { GraphTooltip, type Hovered } from './graph-tooltip.tsx'
import { drawnArea, groupBoxes } from './layout/group-boxes.ts'
import { usePlaces, type PlaceMemory } from './layout/use-places.ts'
import { LayoutFailed } from './layout-failed.tsx'
import { useNodeName } from './node-name.ts'
import { Minimap } from './overlay/minimap.tsx'
import { TrafficLayer } from './overlay/traffic-layer.tsx'
import type { Target } from './scene/scene-model.ts'
import { sceneInput, type SceneInput } from './scene/scene.ts'
import { Stage } from './scene/stage.ts'
import { TopologyLegend } from './topology-legend.tsx'
import { useReducedMotion } from './use-reduced-motion.ts'

export interface TopologyCanvasProps {
  graph: GraphIndex
  /** Other keys are other pictures, with places of their own. */
  layoutKey: string
  memory: PlaceMemory
  found: Found | undefined
  selected: Target | undefined
  onSelect: (target: Target | undefined) => void
  /** The title of a cluster or namespace was clicked. */
  onGroup: (id: string) => void
  onTable: () => void
  /** Whether dots move along the calls. */
  moving: boolean
  /** Names the picture's file. */
  fileName: string
}

const NOTHING = { animation: false }
const KEY_STEP = 60
const ZOOM_STEP = 1.3

/** The graph as a picture. Everything it tells stands in the table as well, which its label says. */
export function TopologyCanvas(props: TopologyCanvasProps) {
  const { graph, found, selected, onSelect, onGroup } = props
  const { t } = useTranslation('topology')
  const format = useFormat()
  const colours = useChartColours()
  const nodeName = useNodeName()
  const calm = useReducedMotion()
  const { request, places, error, tidy } = usePlaces(graph.topology, props.layoutKey, props.memory)
  const [stage, setStage] = useState<Stage>()
  const [hovered, setHovered] = useState<Hovered>()
  const shownKey = useRef<string>(undefined)

  const input = useMemo(() => {
    if (!places) return undefined
    const words = {
      rps: t('glossary:rps'),
      mtls: 'mTLS',
      cluster: (name: string) => t('canvas.cluster', { name }),
      namespace: (name: string) => t('canvas.namespace', { name }),
      node: nodeName,
      change: (change: GraphChange) => t(`change.${change}`),
    }
    return sceneInput({ graph, places, boxes: groupBoxes(request.nodes, places), found, colours, format, words })
  }, [graph, places, request, found, colours, format, nodeName, t])

  useEffect(() => () => stage?.dispose(), [stage])
  useEffect(
    () =>
      stage?.listen({
        onPick: (target) => (target?.kind === 'group' ? onGroup(target.id) : onSelect(target)),
        onHover: (target, x, y) => setHovered(target && { target, x, y }),
      }),
    [stage, onSelect, onGroup],
  )

  useEffect(() => {
    if (!stage || !input) return
    const fit = shownKey.current !== props.layoutKey
    shownKey.current = props.layoutKey
    stage.show(input, drawnArea(request.nodes, input.places), fit)
  }, [stage, input, request, props.layoutKey])

  const revealSelected = useEffectEvent(() => {
    const edge = selected?.kind === 'edge' ? graph.edges.get(selected.id) : undefined
    for (const id of edge ? [edge.source, edge.target] : [selected?.id ?? '']) {
      const place = places?.get(id)
      if (place) stage?.reveal(place)
    }
  })
  const drawn = stage !== undefined && input !== undefined
  useEffect(() => {
    if (!drawn) return
    stage.select(selected)
    // The panel that opens beside takes room from the canvas first.
    const frame = requestAnimationFrame(() => requestAnimationFrame(revealSelected))
    return () => cancelAnimationFrame(frame)
  }, [drawn, stage, selected])

  const handleKey = (event: KeyboardEvent) => {
    const action = stage && keyAction(stage, event.key)
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    action()
  }
  const handleTidy = () => {
    shownKey.current = undefined
    tidy()
  }

  const handleDrawing = async (scene: SceneInput) => {
    // The renderer of drawings is wanted by few.
    const { svgOf } = await import('./scene/svg-of.ts')
    const text = svgOf(scene, drawnArea(request.nodes, scene.places), colours.surface)
    downloadText(`${props.fileName}.svg`, text, 'image/svg+xml;charset=utf-8')
  }

  if (error !== undefined) return <LayoutFailed error={error} onRetry={tidy} onTable={props.onTable} />
  const { nodes, edges } = graph.topology
  const label = t('canvas.label', {
    nodes: t('count.nodes', { count: nodes.length }),
    edges: t('count.edges', { count: edges.length }),
  })
  return (
    <div className="md-topology-canvas">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys: these move the picture */}
      <div
        className="md-topology-stage"
        role="application"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- and for that it must take the focus
        tabIndex={0}
        aria-label={t('canvas.keys')}
        onKeyDown={handleKey}
      >
        <EChart
          className="md-topology-chart"
          option={NOTHING}
          label={label}
          onChart={(chart) => setStage(chart && new Stage(chart))}
        />
      </div>
      {!input && (
        <div className="md-topology-wait">
          <LoadingState rows={4} />
        </div>
      )}
      {stage && input && props.moving && !calm && <TrafficLayer stage={stage} input={input} colours={colours} />}
      {stage && input && (
        <Minimap stage={stage} input={input} area={drawnArea(request.nodes, input.places)} colours={colours} />
      )}
      {hovered && <GraphTooltip graph={graph} hovered={hovered} />}
      <TopologyLegend />
      <div className="md-topology-zoom" role="group" aria-label={t('canvas.view')}>
        <CanvasButton label={t('canvas.zoomIn')} icon={<PlusOutlined />} onClick={() => stage?.zoom(ZOOM_STEP)} />
        <CanvasButton label={t('canvas.zoomOut')} icon={<MinusOutlined />} onClick={() => stage?.zoom(1 / ZOOM_STEP)} />
        <CanvasButton label={t('canvas.fit')} icon={<CompressOutlined />} onClick={() => stage?.fit()} />
        <CanvasButton label={t('canvas.tidy')} icon={<AimOutlined />} onClick={handleTidy} />
        <CanvasButton
          label={t('canvas.image')}
          icon={<FileImageOutlined />}
          onClick={() => stage && download(`${props.fileName}.png`, stage.image(colours.surface))}
        />
        <CanvasButton
          label={t('canvas.drawing')}
          icon={<FileTextOutlined />}
          onClick={() => input && void handleDrawing(input)}
        />
      </div>
    </div>
  )
}

function CanvasButton({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <Tooltip title={label} placement="left">
      <Button size="small" aria-label={label} icon={icon} onClick={onClick} />
    </Tooltip>
  )
}

function keyAction(stage: Stage, key: string): (() => void) | undefined {
  switch (key) {
    case 'ArrowLeft':
      return () => stage.pan(KEY_STEP, 0)
    case 'ArrowRight':
      return () => stage.pan(-KEY_STEP, 0)
    case 'ArrowUp':
      return () => stage.pan(0, KEY_STEP)
    case 'ArrowDown':
      return () => stage.pan(0, -KEY_STEP)
    case '+':
    case '=':
      return () => stage.zoom(ZOOM_STEP)
    case '-':
      return () => stage.zoom(1 / ZOOM_STEP)
    case '0':
      return () => stage.fit()
    default:
      return undefined
  }
}
