import type { Topology } from '@meshdeck/contract'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { keepPlaces, needsLayout } from './keep-places.ts'
import { layOut } from './lay-out.ts'
import { layoutRequest, type LayoutRequest, type Places } from './layout-request.ts'

/** Places by what was asked for: other filters make another picture, a refresh does not. */
export interface PlaceMemory {
  places: ReadonlyMap<string, Places>
  /** Keeps places, or forgets them when there are none. */
  remember: (key: string, places: Places | undefined) => void
}

/** A memory that outlives the canvas, as long as the page is open. */
export function usePlaceMemory(): PlaceMemory {
  const [places, setPlaces] = useState<ReadonlyMap<string, Places>>(() => new Map())
  const remember = useCallback((key: string, kept: Places | undefined) => {
    setPlaces((before) => {
      const after = new Map(before)
      if (kept) after.set(key, kept)
      else after.delete(key)
      return after
    })
  }, [])
  return useMemo(() => ({ places, remember }), [places, remember])
}

export interface PlacesState {
  request: LayoutRequest
  /** Undefined until the first layout is done. */
  places: Places | undefined
  error: unknown
  /** Forgets the places and lays out anew. */
  tidy: () => void
}

/** Places of all nodes of a graph. Lays out only when a node has none yet. */
export function usePlaces(topology: Topology, key: string, { places: memory, remember }: PlaceMemory): PlacesState {
  const request = useMemo(() => layoutRequest(topology), [topology])
  const [failure, setFailure] = useState<{ key: string; error: unknown }>()
  const places = memory.get(key)
  const failed = failure?.key === key
  const wanted = !failed && (places === undefined || needsLayout(request, places))

  useEffect(() => {
    if (!wanted) return
    const abort = new AbortController()
    layOut(request, abort.signal).then(
      (fresh) => !abort.signal.aborted && remember(key, keepPlaces(places ?? new Map(), fresh, request)),
      (error: unknown) => !abort.signal.aborted && setFailure({ key, error }),
    )
    return () => abort.abort()
  }, [wanted, request, key, places, remember])

  return {
    request,
    places,
    error: failed ? failure.error : undefined,
    tidy: () => {
      setFailure(undefined)
      remember(key, undefined)
    },
  }
}
