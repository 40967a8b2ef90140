import type { KindId } from '@meshdeck/kube'
import { useQueries } from '@tanstack/react-query'
import { choiceQueries } from './choices.ts'
import type { Pick } from './field-spec.ts'
import { useFormState } from './form-state.ts'
import { PICK_READS, picked, type Picked } from './picked.ts'

const NOTHING: readonly KindId[] = []
const isNeverMissing = (): boolean => false

/** What there is to choose from in the form's cluster; empty where it cannot be asked, and then everything is typed. */
export function usePicked(pick: Pick | undefined): Picked {
  const { cluster, namespace } = useFormState()
  const kinds = pick === undefined || typeof pick !== 'string' ? NOTHING : PICK_READS[pick]
  const pages = useQueries({ queries: kinds.map((kind) => choiceQueries.of(cluster, kind)) })
  if (pick === undefined) return { options: [], isMissing: isNeverMissing }
  if (typeof pick !== 'string') return { options: pick, isMissing: isNeverMissing }
  return picked(
    pick,
    namespace,
    pages.map(({ data }) => data),
  )
}
