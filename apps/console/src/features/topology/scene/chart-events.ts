import type { Place } from '../layout/layout-request.ts'
import type { Target } from './scene-model.ts'

/** What an event of ECharts is about; it hands back the `info` of an element untyped. */
export function targetOf(event: unknown): Target | undefined {
  const info = property(event, 'info')
  const [kind, id] = [property(info, 'kind'), property(info, 'id')]
  return (kind === 'node' || kind === 'edge' || kind === 'group') && typeof id === 'string' ? { kind, id } : undefined
}

/** Where the pointer was, in pixels of the canvas. */
export function pointOf(event: unknown): Place {
  const pointer = property(event, 'event')
  const [x, y] = [property(pointer, 'offsetX'), property(pointer, 'offsetY')]
  return { x: typeof x === 'number' ? x : 0, y: typeof y === 'number' ? y : 0 }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined
}
