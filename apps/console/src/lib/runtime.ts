/** What the page that hosts the console has decided: set by `mount`, read by the modules that talk to the outside. */
export interface Runtime {
  /** Path below which console and API live, without a trailing slash; empty at the root. */
  basePath: string
  /** Token of the host's user, asked for before each request since hosts renew it. */
  token?: (() => string | undefined) | undefined
  /** Language sent as `Accept-Language`. */
  locale: string
}

const INITIAL: Runtime = { basePath: '', locale: 'en-US' }
let current = INITIAL
let users = 0

/** The settings in force. */
export const runtime = (): Runtime => current

/**
 * Puts the settings in force for a console. A page has one address, so all consoles on it live below one base path and
 * share what the last of them was told. The returned function forgets everything, the token above all, with the last.
 */
export function enterRuntime(start: Pick<Runtime, 'basePath' | 'token'>): () => void {
  if (users > 0 && start.basePath !== current.basePath)
    throw new Error(`a console below "${current.basePath}/" stands on this page; another base path cannot be used`)
  users += 1
  configureRuntime(start)
  return () => {
    users -= 1
    if (users === 0) current = INITIAL
  }
}

/** Changes some settings; the others stay. */
export function configureRuntime(change: Partial<Runtime>): void {
  current = { ...current, ...change }
}

/** Brings a base path to one form: leading slash, no trailing one, empty for the root. */
export function normalizeBasePath(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `/${trimmed}`
}
