import theme from 'antd/es/theme'
import { parseExpression } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { chartColours } from '../../../charts/chart-colours.ts'
import { createFormat } from '../../../lib/format.ts'
import { BANK, CART, MYSQL, WEB, edge, shopTopology } from '../fixtures.ts'
import { findInGraph, indexGraph } from '../graph-index.ts'
import { groupBoxes } from '../layout/group-boxes.ts'
import { layoutRequest } from '../layout/layout-request.ts'
import { edgeLabel, lockOf } from './edge-label.ts'
import { detailAt } from './detail.ts'
import type { Scene } from './scene-model.ts'
import {
  buildDetail,
  buildFrame,
  emphasisElements,
  farElements,
  neighbourhood,
  sceneInput,
  type SceneInput,
} from './scene.ts'
import { idsOf, sceneOption } from './scene-option.ts'
import { SHAPES } from './shapes.ts'

const colours = chartColours(theme.getDesignToken())
const format = createFormat('en-US')
const NEAR = detailAt(1)
const CALM = { ...NEAR, emphasis: false }
const buildScene = (input: SceneInput, detail = NEAR): Scene => ({
  ...buildFrame(input, { ...detail, emphasis: false }),
  ...buildDetail(input, detail),
})

function inputOf(topology = shopTopology(), find = ''): SceneInput {
  const graph = indexGraph(topology)
  const request = layoutRequest(topology)
  const places = new Map(request.nodes.map(({ id }, index) => [id, { x: index * 200, y: 0 }]))
  const words = {
    rps: 'rps',
    mtls: 'mTLS',
    cluster: (name: string) => `cluster ${name}`,
    namespace: (name: string) => `namespace ${name}`,
    node: ({ name }: { name: string }) => name,
    change: (change: string) => change,
  }
  return sceneInput({
    graph,
    places,
    boxes: groupBoxes(request.nodes, places),
    found: findInGraph(graph, parseExpression(find)),
    colours,
    format,
    words,
  })
}

const WEB_CART = `${WEB}->${CART}:http`

describe('edgeLabel', () => {
  const words = { rps: 'rps', mtls: 'mTLS' }

  it('says how much, and what is wrong', () => {
    expect(edgeLabel(edge(WEB, CART, { requestRate: 84.4 }), format, words)).toBe('84.4 rps')
    expect(edgeLabel(edge(WEB, CART, { errorRate: 0.074, latencyMs: 150 }), format, words)).toBe('10 rps · 7.4%')
    expect(edgeLabel(edge(WEB, CART, { latencyMs: 250 }), format, words)).toBe('10 rps · 250 ms')
    expect(edgeLabel(edge(WEB, CART, { mtlsShare: 0.5 }), format, words)).toBe('10 rps · 50% mTLS')
    expect(
      edgeLabel(
        edge(CART, MYSQL, { protocol: 'tcp', requestRate: 0, sentRate: 2000, receivedRate: 1000 }),
        format,
        words,
      ),
    ).toBe('3 kB/s')
  })

  it('locks only what is all under mutual TLS', () => {
    expect(lockOf(edge(WEB, CART))).toBe('closed')
    expect(lockOf(edge(WEB, CART, { mtlsShare: 0.99 }))).toBe('open')
    const [outside] = shopTopology().edges
    expect(outside && lockOf(outside)).toBeUndefined()
  })
})

describe('buildScene', () => {
  it('draws every node and edge once, under ids of its own', () => {
    const ids = idsOf(buildScene(inputOf()))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain(`edge:${WEB_CART}`)
    expect(ids).toContain(`mdCircle:${CART}`)
  })

  it('tells health by colour and by shape', () => {
    const scene = buildScene(inputOf())
    expect(scene.nodes?.find(({ id }) => id.endsWith(CART))).toMatchObject({ style: { stroke: colours.error } })
    const signs = scene.signs?.map(({ id }) => id)
    expect(signs).toEqual([`mdOctagon:${CART}`, `mdCross:${CART}`])
    const far = buildScene(inputOf(), detailAt(0.4))
    expect(far['edge-signs']?.map(({ type }) => type)).toEqual(['mdTriangle', 'mdBang', 'mdOctagon', 'mdCross'])
    expect(far['edge-labels']).toEqual([])
  })

  it('marks what has no sidecar, but not what is not known', () => {
    expect(
      buildScene(inputOf())
        .glyphs?.filter(({ id }) => id.startsWith('unmanaged:'))
        .map(({ id }) => id),
    ).toEqual([`unmanaged:${CART}`])
  })

  it('fades what a search does not find', () => {
    const { nodes = [] } = buildScene(inputOf(undefined, 'mysql'))
    const opacity = (id: string) => nodes.find((it) => it.id.endsWith(id))?.['style']
    expect(opacity(MYSQL)).toMatchObject({ opacity: 1 })
    expect(opacity(BANK)).toMatchObject({ opacity: 0.2 })
  })

  it('draws words only where somebody looks', () => {
    const input = inputOf()
    const place = input.places.get(WEB) ?? { x: 0, y: 0 }
    const detail = buildDetail(input, NEAR, { x: place.x - 10, y: place.y - 10, width: 20, height: 20 })
    expect(detail['node-labels']?.map(({ id }) => id)).toEqual([`label:${WEB}`])
    expect(detail['edge-labels']).toEqual([])
  })

  it('keeps bad lines visible from afar, and only those', () => {
    const far = farElements(inputOf(), { ...CALM, far: true })
    expect(far.edges?.map(({ id }) => id)).toEqual([`edge:${CART}->${BANK}:http`, `edge:${WEB_CART}`])
    expect(far.edges?.[0]).toMatchObject({ style: { strokeNoScale: true } })
  })

  it('uses shapes that are registered, and types that ECharts has', () => {
    const known = new Set(['rect', 'text', 'bezierCurve', 'polygon', ...Object.keys(SHAPES)])
    const types = Object.values(buildScene(inputOf())).flatMap((elements) => elements.map(({ type }) => type))
    expect(types.filter((type) => !known.has(type))).toEqual([])
  })

  it('never gives one id to two types, whatever changes', () => {
    const typeById = new Map<string, string>()
    for (const health of ['healthy', 'warning', 'critical', 'unknown'] as const) {
      for (const mtlsShare of [0, 1]) {
        for (const type of ['workload', 'gateway', 'external'] as const) {
          const base = shopTopology()
          const topology = {
            ...base,
            nodes: base.nodes.map((node) => ({ ...node, health, type })),
            edges: base.edges.map((it) => ({ ...it, health, mtlsShare })),
          }
          for (const element of [
            ...Object.values(buildScene(inputOf(topology))),
            ...Object.values(buildScene(inputOf(topology), detailAt(0.4))),
          ].flat()) {
            expect(typeById.get(element.id) ?? element.type).toBe(element.type)
            typeById.set(element.id, element.type)
          }
        }
      }
    }
  })
})

describe('emphasis', () => {
  it('takes a node with its edges, an edge with its ends', () => {
    const { graph } = inputOf()
    expect(neighbourhood({ kind: 'node', id: CART }, graph)).toHaveLength(4)
    expect(neighbourhood({ kind: 'edge', id: WEB_CART }, graph).map(({ id }) => id)).toEqual([WEB_CART, WEB, CART])
    expect(neighbourhood({ kind: 'node', id: 'gone' }, graph)).toEqual([])
  })

  it('changes elements of the scene only, and can be taken back', () => {
    const input = inputOf()
    const scene = buildScene(input)
    const targets = neighbourhood({ kind: 'node', id: CART }, input.graph)
    const glowing = emphasisElements(targets, input, { ...CALM, emphasis: true })
    const ids = new Set(idsOf(scene))
    expect(glowing.filter(({ id }) => !ids.has(id))).toEqual([])
    const calm = emphasisElements(targets, input, CALM)
    const drawn = new Map(
      Object.values(scene)
        .flat()
        .map((element) => [element.id, element]),
    )
    for (const element of calm) expect(element).toEqual(drawn.get(element.id))
  })
})

describe('options', () => {
  it('takes away what is gone, and says where it is looked at from', () => {
    expect(sceneOption({ edges: [] }, ['edge:old'], { x: 1, y: 2, scale: 3 })).toEqual({
      graphic: {
        elements: [
          {
            id: 'world',
            name: 'world',
            type: 'group',
            x: 1,
            y: 2,
            scaleX: 3,
            scaleY: 3,
            children: [{ id: 'edges', type: 'group', children: [] }],
          },
          { id: 'edge:old', $action: 'remove' },
        ],
      },
    })
  })
})
