import type { MeshPhase } from '@meshdeck/kube'
import type { StatusTone } from '../components/status-dot.tsx'

const TONES: Record<MeshPhase, StatusTone> = {
  Pending: 'unknown',
  Creating: 'info',
  Running: 'success',
  Degraded: 'warning',
  Failed: 'error',
  Deleting: 'info',
}

/** Colour of a mesh's phase. */
export const meshPhaseTone = (phase: MeshPhase): StatusTone => TONES[phase]
