/** What the page that hosts the console has decided: set once by `mount`, read by the modules that talk to the outside. */
export interface Runtime {
  /** Path below which console and API live, without a trailing slash; empty at the root. */
  basePath: string
  /** Token of the host's user, asked for before each request since hosts renew it. */
  token?: (() => string | undefined) | undefined
  /** Language sent as `Accept-Language`. */
  locale: string
}

let current: Runtime = { basePath: '', locale: 'en-US' }

/** The settings in force. */
export const runtime = (): Runtime => current

/** Changes some settings; the others stay. */
export function configureRuntime(change: Partial<Runtime>): void {
  current = { ...current, ...change }
}

/** Brings a base path to one form: leading slash, no trailing one, empty for the root. */
export function normalizeBasePath(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `/${trimmed}`
}
