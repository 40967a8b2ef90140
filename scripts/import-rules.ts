/**
 * Who may import whom: the table of docs/architecture.md as data, and the pure check of one import against it.
 * A room is a folder; the first room whose folder is a prefix of a file's path is the file's room.
 */
import { dirname, join, normalize } from 'node:path'

interface Room {
  name: string
  folder: string
  /** Rooms it may import from, besides itself. */
  may: readonly string[]
  /** Sub-folders that must not import each other (features). */
  isolated?: boolean
}

const CONSOLE_PACKAGES = ['kube', 'contract', 'mesh']

export const ROOMS: readonly Room[] = [
  { name: 'kube', folder: 'packages/kube/', may: [] },
  { name: 'contract', folder: 'packages/contract/', may: ['kube'] },
  { name: 'mesh', folder: 'packages/mesh/', may: ['kube'] },
  { name: 'kube-client', folder: 'packages/kube-client/', may: ['kube'] },
  // Its istiod refuses by the rules that the lab's istiod is compared with.
  { name: 'sandbox', folder: 'packages/sandbox/', may: ['kube', 'mesh'] },
  { name: 'console/lib', folder: 'apps/console/src/lib/', may: CONSOLE_PACKAGES },
  { name: 'console/charts', folder: 'apps/console/src/charts/', may: [...CONSOLE_PACKAGES, 'console/lib'] },
  {
    name: 'console/components',
    folder: 'apps/console/src/components/',
    may: [...CONSOLE_PACKAGES, 'console/lib', 'console/charts'],
  },
  {
    name: 'console/resource-kit',
    folder: 'apps/console/src/resource-kit/',
    may: [...CONSOLE_PACKAGES, 'console/lib', 'console/charts', 'console/components'],
  },
  {
    name: 'console/features',
    folder: 'apps/console/src/features/',
    may: [...CONSOLE_PACKAGES, 'console/lib', 'console/charts', 'console/components', 'console/resource-kit'],
    isolated: true,
  },
  {
    name: 'console/app',
    folder: 'apps/console/',
    may: [
      ...CONSOLE_PACKAGES,
      'console/lib',
      'console/charts',
      'console/components',
      'console/resource-kit',
      'console/features',
    ],
  },
  { name: 'bff/lib', folder: 'apps/bff/src/lib/', may: ['kube', 'contract', 'mesh', 'kube-client'] },
  { name: 'bff/plugins', folder: 'apps/bff/src/plugins/', may: ['kube', 'contract', 'mesh', 'kube-client', 'bff/lib'] },
  {
    name: 'bff/routes',
    folder: 'apps/bff/src/routes/',
    // Routes reach plugins through Fastify's decorators; importing their types is allowed to TypeScript only.
    may: ['kube', 'contract', 'mesh', 'kube-client', 'bff/lib', 'bff/plugins'],
  },
  {
    name: 'bff/app',
    folder: 'apps/bff/',
    may: ['kube', 'contract', 'mesh', 'kube-client', 'bff/lib', 'bff/plugins', 'bff/routes'],
  },
  { name: 'controller', folder: 'apps/controller/', may: ['kube', 'mesh', 'kube-client'] },
  { name: 'lab', folder: 'e2e/lab/', may: [] },
  { name: 'docs', folder: 'docs/', may: [] },
  { name: 'e2e', folder: 'e2e/', may: ['kube', 'contract', 'kube-client', 'lab', 'sandbox'] },
  {
    name: 'workshop',
    folder: '',
    may: ['kube', 'contract', 'mesh', 'kube-client', 'lab', 'sandbox', 'bff/app', 'controller', 'console/app'],
  },
]

const PACKAGE_ROOMS: Readonly<Record<string, string>> = {
  '@meshdeck/kube': 'kube',
  '@meshdeck/contract': 'contract',
  '@meshdeck/mesh': 'mesh',
  '@meshdeck/kube-client': 'kube-client',
  '@meshdeck/sandbox': 'sandbox',
  '@meshdeck/console': 'console/app',
  '@meshdeck/bff': 'bff/app',
  '@meshdeck/controller': 'controller',
  '@meshdeck/lab': 'lab',
}

/** The room of a file, given relative to the repository's root with forward slashes. */
export function roomOf(file: string): Room {
  const room = ROOMS.find((candidate) => file.startsWith(candidate.folder))
  if (!room) throw new Error(`no room for ${file}`)
  return room
}

/** Says what is wrong with `file` importing `specifier`; `undefined` when it may. Tests may import what they test with. */
export function importProblem(file: string, specifier: string): string | undefined {
  const from = roomOf(file)
  const target = targetOf(file, specifier)
  if (!target) return undefined
  const to = target.room
  if (to.name === from.name) {
    if (!from.isolated || target.path === undefined) return undefined
    const [mine, theirs] = [featureOf(from, file), featureOf(from, target.path)]
    return mine === theirs ? undefined : `feature ${mine} must not import feature ${theirs}`
  }
  if (from.may.includes(to.name)) return undefined
  // A test drives the whole of its own app, the lab, and the sandbox, and holds pages of the docs against the code.
  if (isTest(file) && (['lab', 'sandbox', 'docs'].includes(to.name) || appOf(to) === appOf(from))) return undefined
  return `${from.name} must not import ${to.name}`
}

function targetOf(file: string, specifier: string): { room: Room; path?: string } | undefined {
  if (specifier.startsWith('.')) {
    const path = normalize(join(dirname(file), specifier)).replaceAll('\\', '/')
    return { room: roomOf(path), path }
  }
  const name = specifier.split('/').slice(0, 2).join('/')
  const roomName = PACKAGE_ROOMS[name]
  const room = ROOMS.find((candidate) => candidate.name === roomName)
  return room ? { room } : undefined
}

const appOf = (room: Room): string => room.name.split('/')[0] ?? ''
const featureOf = (room: Room, path: string): string => path.slice(room.folder.length).split('/')[0] ?? ''
const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\//.test(file)
