/** How a write is to be done, as its query parameters say it. */
export interface WriteOptions {
  readonly dryRun: boolean
  /** Whose name goes into managedFields; the sandbox's own controllers leave none. */
  readonly fieldManager?: string
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict'
  /** A line for the caller that stops nothing: the `Warning` header. */
  readonly warn: (text: string) => void
}

/** Of the sandbox's own controllers. */
export const SYSTEM_WRITE: WriteOptions = { dryRun: false, fieldValidation: 'Ignore', warn: () => undefined }

export interface DeleteOptions {
  readonly dryRun: boolean
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
  /** Seconds; 0 removes at once. */
  readonly gracePeriodSeconds?: number
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}
