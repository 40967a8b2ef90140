import type { HealthLevel, TopologyBadge, TopologyNode } from '@meshdeck/contract'

/** Signs drawn by us, as SVG path data around (0, 0): fonts differ too much for them. */
export const SHAPES = {
  mdCircle: circle(18),
  /** A service: many behind one name. */
  mdRounded: 'M-11-18H11A7 7 0 0 1 18-11V11A7 7 0 0 1 11 18H-11A7 7 0 0 1-18 11V-11A7 7 0 0 1-11-18Z',
  /** A gateway: the border of the mesh. */
  mdHexagon: 'M-20 0L-10.5-17.3H10.5L20 0L10.5 17.3H-10.5Z',
  mdFolder: 'M-19-14H-5L-1-9H19V15H-19Z',
  mdLock: 'M-4-1V-3.5A4 4 0 0 1 4-3.5V-1H5.5V6H-5.5V-1ZM-2.2-1H2.2V-3.5A2.2 2.2 0 0 0-2.2-3.5Z',
  mdOpenLock: 'M-4-1V-5.5A4 4 0 0 1 3.4-7.3L2-6A2.2 2.2 0 0 0-2.2-5.5V-1H5.5V6H-5.5V-1Z',
  mdEnter: 'M-9-1.2H0V-5L7 0L0 5V1.2H-9ZM7.5-7H9.5V7H7.5Z',
  mdLeave: 'M-5-6H6V5H3.6V-1.9L-4.6 6.3L-6.3 4.6L1.9-3.6H-5Z',
  /** A waypoint: on the way from one to the other. */
  mdWay: 'M-10-1.2H-4A4 4 0 0 1 4-1.2H10V1.2H4A4 4 0 0 1-4 1.2H-10Z',
  mdThrough: 'M-8-1.3H1.5V-5L8 0L1.5 5V1.3H-8Z',
  // The inner circle turns the other way, which makes it a hole.
  mdStop:
    'M-8 0A8 8 0 1 1 8 0A8 8 0 1 1-8 0ZM-6.2 0A6.2 6.2 0 1 0 6.2 0A6.2 6.2 0 1 0-6.2 0ZM-3.8-5.2L5.2 3.8L3.8 5.2L-5.2-3.8Z',
  mdTriangle: 'M0-7L8 6H-8Z',
  mdOctagon: 'M-2.9-7H2.9L7-2.9V2.9L2.9 7H-2.9L-7 2.9V-2.9Z',
  mdBang: 'M-.9-3.6H.9L.6 1.6H-.6ZM-.9 2.6H.9V4.3H-.9Z',
  mdCross: 'M-3.2-4.2L0-1L3.2-4.2L4.2-3.2L1 0L4.2 3.2L3.2 4.2L0 1L-3.2 4.2L-4.2 3.2L-1 0L-4.2-3.2Z',
  /** Traffic that parts: a rule. */
  mdFork: 'M-1-6H1V-1L5-5L6-6V-2H5V-3L1 1V6H-1V1L-5-3V-2H-6V-6H-2V-5H-3.5L-1-2.5Z',
  /** Lightning: a fault that is injected. */
  mdBolt: 'M1-6L-4 1H-.5L-1.5 6L4-1.5H.5L2-6Z',
  /** Two sheets: a mirror. */
  mdSheets: 'M-5-5H2V-3H4V5H-3V3H-5ZM-3.6-3.6V1.6H-3V-3H.6V-3.6Z',
  /** A line that is broken: a circuit breaker. */
  mdBreak: 'M-6-.9H-2.4L1.8-4.6L3-3.2L.3-.9H-1.2V.9H-6ZM2.6-.9H6V.9H2.6Z',
  /** A wave: ztunnel carries it. */
  mdWave: 'M-6 .5C-4-3.5-2-3.5 0-.5C2 2.5 4 2.5 6-1.5V1C4 5 2 5 0 2C-2-1-4-1-6 3Z',
  /** A flag: a finding. */
  mdFlag: 'M-4-6H-2.6V-5.5H5L3-2.5L5 .5H-2.6V6H-4Z',
} as const
export type ShapeName = keyof typeof SHAPES

function circle(r: number): string {
  return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`
}

/** The sign of what is in force for a node. */
export const BADGE_SHAPES: Readonly<Record<TopologyBadge, ShapeName>> = {
  rule: 'mdFork',
  fault: 'mdBolt',
  mirror: 'mdSheets',
  breaker: 'mdBreak',
  finding: 'mdFlag',
}

/** Outline of a node by its type. */
export function outlineOf({ type }: TopologyNode): ShapeName {
  if (type === 'service') return 'mdRounded'
  if (type === 'gateway' || type === 'waypoint') return 'mdHexagon'
  return type === 'namespace' || type === 'cluster' ? 'mdFolder' : 'mdCircle'
}

/** What stands inside of the outline: an icon, or a letter. */
export function glyphOf({ type, name }: TopologyNode): { icon: ShapeName } | { letter: string } {
  switch (type) {
    case 'gateway':
      return { icon: 'mdEnter' }
    case 'waypoint':
      return { icon: 'mdWay' }
    case 'external':
      return { icon: 'mdLeave' }
    case 'passthrough':
      return { icon: 'mdThrough' }
    case 'blackhole':
      return { icon: 'mdStop' }
    case 'unknown':
      return { letter: '?' }
    case 'other':
      return { letter: '…' }
    default:
      return { letter: name.slice(0, 1).toUpperCase() }
  }
}

/** Health as a shape beside its colour: nothing for healthy, a triangle, an octagon; unknown has a dashed outline instead. */
export function signOf(health: HealthLevel): { ground: ShapeName; mark: ShapeName } | undefined {
  if (health === 'warning') return { ground: 'mdTriangle', mark: 'mdBang' }
  return health === 'critical' ? { ground: 'mdOctagon', mark: 'mdCross' } : undefined
}
