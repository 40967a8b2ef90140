import { registerShapes, type ECharts } from '../../../charts/echarts.ts'
import type { Place } from '../layout/layout-request.ts'
import {
  centredOn,
  contains,
  fitCamera,
  pan,
  reveal,
  viewOf,
  widened,
  zoomAt,
  type Area,
  type Camera,
  type Size,
} from './camera.ts'
import { pointOf, targetOf } from './chart-events.ts'
import { detailAt, sameDetail, type Detail } from './detail.ts'
import { listenForGestures } from './gestures.ts'
import { moveWorld } from './move-world.ts'
import { idsOf, inPieces, patchOption, sceneOption } from './scene-option.ts'
import { LAYERS, type Look, type Scene, type Target } from './scene-model.ts'
import { buildDetail, buildFrame, emphasisElements, farElements, neighbourhood, type SceneInput } from './scene.ts'
import { SHAPES } from './shapes.ts'
import { WorkQueue } from './work-queue.ts'

registerShapes(SHAPES)

/** How long the view may move before details follow it. */
const SETTLE_MS = 120
/** Up to here every label is drawn at once. */
const SMALL_EDGES = 300
/** Layers are made once, in their order. */
const EMPTY: Scene = Object.fromEntries(LAYERS.map((layer) => [layer, []]))
/** What the buttons over the right edge of the canvas take from it, in pixels. */
const BUTTONS = 48
/** Elements that are drawn in one go. ECharts goes through all elements with each, so fewer at a time take longer in sum. */
const PIECE = 400

export interface StageHandlers {
  /** Something was clicked, or the ground. */
  onPick: (target: Target | undefined) => void
  /** The pointer is on something, or on nothing; in pixels of the canvas. */
  onHover: (target: Target | undefined, x: number, y: number) => void
}

/** The graph on the canvas of a chart: shows scenes, moves the camera, tells what was pointed at. */
export class Stage {
  readonly #chart: ECharts
  readonly #stopGestures: () => void
  readonly #observer: ResizeObserver
  #handlers: StageHandlers | undefined
  #input: SceneInput | undefined
  #area: Area | undefined
  /** Ids of what is on the canvas; what waits in the queue is not. */
  readonly #drawn = new Set<string>()
  /** Ids of details that are on the canvas or wait in the queue. */
  #detailIds: ReadonlySet<string> = new Set()
  readonly #queue = new WorkQueue()
  #camera: Camera = { x: 0, y: 0, scale: 1 }
  /** All is shown, and nobody has moved the view since. */
  #fitted = true
  /** What is drawn at present, and where. */
  #detail: Detail = detailAt(1)
  #covered: Area | undefined
  #selected: Target | undefined
  #hovered: Target | undefined
  readonly #watchers = new Set<() => void>()
  #frame = 0
  #refineTimer: ReturnType<typeof setTimeout> | undefined

  constructor(chart: ECharts) {
    this.#chart = chart
    chart.on('click', (event) => this.#handlers?.onPick(targetOf(event)))
    chart.on('mouseover', (event) => this.#hover(targetOf(event), event))
    chart.on('mouseout', (event) => this.#hover(undefined, event))
    chart.getZr().on('click', ({ target }) => target === undefined && this.#handlers?.onPick(undefined))
    this.#stopGestures = listenForGestures(chart.getDom(), {
      onPan: (dx, dy) => {
        // The words on what was pointed at would stay where it was.
        if (this.#hovered !== undefined) this.#hover(undefined, undefined)
        this.#moveTo(pan(this.#camera, dx, dy))
      },
      onZoom: (factor, x, y) => this.#moveTo(zoomAt(this.#camera, factor, x, y)),
    })
    // A panel that opens beside, a full screen: who saw all still does.
    this.#observer = new ResizeObserver(() => (this.#fitted ? this.fit() : this.#lookFrom(this.#camera)))
    this.#observer.observe(chart.getDom())
  }

  get camera(): Camera {
    return this.#camera
  }

  get size(): Size {
    return this.#size()
  }

  /** Tells of every move of the camera, until the answer is called. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  /** Who is told of what hands do here. */
  listen(handlers: StageHandlers): void {
    this.#handlers = handlers
  }

  /** Draws a graph. The view stays, save for the first time and where `fit` asks. */
  show(input: SceneInput, area: Area, fit: boolean): void {
    const first = this.#input === undefined
    this.#input = input
    this.#area = area
    if (first || fit) {
      this.#camera = fitCamera(area, this.#room())
      this.#fitted = true
    }
    this.#detail = detailAt(this.#camera.scale)
    this.#covered = this.#areaToCover()
    const frame = buildFrame(input, this.#look(false))
    const detail = buildDetail(input, this.#detail, this.#covered)
    this.#detailIds = new Set(idsOf(detail))
    const now = new Set([...idsOf(frame), ...this.#detailIds])
    const gone = [...this.#drawn].filter((id) => !now.has(id))
    this.#queue.clear()
    this.#draw({ ...EMPTY, ...frame, ...detail }, gone)
    for (const watcher of this.#watchers) watcher()
  }

  /** Draws in pieces, takes away in the first of them, and lets glow what glows after the last. */
  #draw(scene: Scene, gone: readonly string[]): void {
    const pieces = inPieces(scene, PIECE)
    this.#queue.add(
      pieces.map((piece, index) => () => {
        this.#put(piece, index === 0 ? gone : [])
        if (index === pieces.length - 1) this.#emphasise(this.#glowing(), true)
      }),
    )
  }

  #put(piece: Scene, gone: readonly string[]): void {
    this.#chart.setOption({ animation: false, ...sceneOption(piece, gone, this.#camera) })
    for (const id of gone) this.#drawn.delete(id)
    for (const id of idsOf(piece)) this.#drawn.add(id)
  }

  /** Makes one thing and its neighbours glow, until another is selected. */
  select(target: Target | undefined): void {
    this.#change(() => (this.#selected = target))
  }

  fit(): void {
    if (!this.#area) return
    this.#fitted = true
    this.#lookFrom(fitCamera(this.#area, this.#room()))
  }

  /** Zooms about the middle. */
  zoom(factor: number): void {
    const { width, height } = this.#size()
    this.#moveTo(zoomAt(this.#camera, factor, width / 2, height / 2))
  }

  pan(dx: number, dy: number): void {
    this.#moveTo(pan(this.#camera, dx, dy))
  }

  /** Puts a place in the middle. */
  lookAt(place: Place): void {
    this.#moveTo(centredOn(this.#camera, place, this.#size()))
  }

  /** Brings a place on the screen, if it is not there. */
  reveal(place: Place): void {
    const camera = reveal(this.#camera, place, this.#size(), this.#fitted ? 0 : undefined)
    if (camera !== this.#camera) this.#moveTo(camera)
  }

  /** The picture as a PNG, as `data:` address. */
  image(background: string): string {
    return this.#chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: background })
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#refineTimer)
    this.#queue.clear()
    this.#observer.disconnect()
    this.#stopGestures()
  }

  #size(): Size {
    return { width: this.#chart.getWidth(), height: this.#chart.getHeight() }
  }

  /** Where a drawing that is shown whole can be. */
  #room(): Size {
    const { width, height } = this.#size()
    return { width: width - BUTTONS, height }
  }

  #moveTo(camera: Camera): void {
    this.#fitted = false
    this.#lookFrom(camera)
  }

  /** Moves the camera with the next frame, however many events ask for it before. */
  #lookFrom(camera: Camera): void {
    this.#camera = camera
    if (this.#input === undefined) return
    if (this.#needsRefining()) this.#refineTimer ??= setTimeout(() => this.#refine(), SETTLE_MS)
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      for (const watcher of this.#watchers) watcher()
      moveWorld(this.#chart, this.#camera)
    })
  }

  /** Whether the view shows more, or nearer, than the detail that is drawn. */
  #needsRefining(): boolean {
    if (!sameDetail(detailAt(this.#camera.scale), this.#detail)) return true
    return this.#covered !== undefined && !contains(this.#covered, viewOf(this.#camera, this.#size()))
  }

  /** Adds and takes away details. Those that stay are not touched: that is what makes a large graph bearable. */
  #refine(): void {
    this.#refineTimer = undefined
    const input = this.#input
    if (!input) return
    const before = this.#detail
    this.#detail = detailAt(this.#camera.scale)
    this.#covered = this.#areaToCover()
    const scene = buildDetail(input, this.#detail, this.#covered)
    const ids = new Set(idsOf(scene))
    const gone = [...this.#detailIds].filter((id) => !ids.has(id))
    const same = (['labelScale', 'nameScale', 'titleScale'] as const).every((key) => before[key] === this.#detail[key])
    const added = same ? without(scene, this.#detailIds) : scene
    this.#detailIds = ids
    const changed = before.far === this.#detail.far ? {} : farElements(input, this.#look(false))
    this.#draw({ ...added, ...changed }, gone)
  }

  /** Small graphs are drawn in full detail at once; of large ones what is in the window and around it. */
  #areaToCover(): Area | undefined {
    const { edges = [] } = this.#input?.graph.topology ?? {}
    return edges.length <= SMALL_EDGES ? undefined : widened(viewOf(this.#camera, this.#size()))
  }

  #look(emphasis: boolean): Look {
    return { ...this.#detail, emphasis }
  }

  #hover(target: Target | undefined, event: unknown): void {
    this.#change(() => (this.#hovered = target))
    const { x, y } = pointOf(event)
    this.#handlers?.onHover(target, x, y)
  }

  #change(change: () => void): void {
    const before = this.#glowing()
    change()
    const after = this.#glowing()
    const has = (targets: readonly Target[], { kind, id }: Target) =>
      targets.some((other) => other.kind === kind && other.id === id)
    this.#emphasise(
      before.filter((target) => !has(after, target)),
      false,
    )
    this.#emphasise(
      after.filter((target) => !has(before, target)),
      true,
    )
  }

  #glowing(): Target[] {
    const { graph } = this.#input ?? {}
    if (!graph) return []
    return [this.#selected, this.#hovered].flatMap((target) => (target ? neighbourhood(target, graph) : []))
  }

  #emphasise(targets: readonly Target[], emphasis: boolean): void {
    if (!this.#input || targets.length === 0) return
    const look = this.#look(emphasis)
    const elements = emphasisElements(targets, this.#input, look).filter(({ id }) => this.#drawn.has(id))
    if (elements.length > 0) this.#chart.setOption(patchOption(elements))
  }
}

const without = (scene: Scene, ids: ReadonlySet<string>): Scene =>
  Object.fromEntries(
    Object.entries(scene).map(([layer, elements]) => [layer, elements.filter(({ id }) => !ids.has(id))]),
  )
