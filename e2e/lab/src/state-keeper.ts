import { isRunning } from './processes.ts'
import type { ProcessRecord } from './processes.ts'
import { writeState } from './state.ts'
import type { LabState } from './state.ts'

/** Holds the state while it changes, and writes each change down before going on. */
export interface StateKeeper {
  readonly current: () => LabState
  readonly update: (change: (state: LabState) => LabState) => Promise<void>
  readonly addProcess: (process: ProcessRecord) => Promise<void>
}

export function createStateKeeper(initial: LabState): StateKeeper {
  let state = initial
  // Two clusters come up at once and both report processes; their writes must not overtake each other.
  let lastWrite: Promise<void> = Promise.resolve()
  const update = (change: (state: LabState) => LabState): Promise<void> => {
    state = change(state)
    const written = state
    lastWrite = lastWrite.catch(() => {}).then(() => writeState(written))
    return lastWrite
  }
  return {
    current: () => state,
    update,
    addProcess: (process) => update((before) => ({ ...before, processes: [...before.processes, process] })),
  }
}

/** The state without the processes that have ended. */
export function withoutEnded(state: LabState): LabState {
  return { ...state, processes: state.processes.filter(isRunning) }
}
