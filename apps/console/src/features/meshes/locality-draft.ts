import type { LocalitySetting } from '@meshdeck/kube'

export const LOCALITY_KINDS = ['standard', 'off', 'distribute', 'failover'] as const
export type LocalityKind = (typeof LOCALITY_KINDS)[number]

/** A LocalitySetting while it is typed: places that are still empty or named twice have their own rows. */
export interface LocalityDraft {
  kind: LocalityKind
  shares: readonly LocalityShare[]
  moves: readonly { from: string; to: string }[]
  /** What the form does not show. */
  rest: Readonly<Record<string, unknown>>
}

export interface LocalityShare {
  from: string
  to: readonly { place: string; weight: number }[]
}

const NO_SHARE: LocalityShare = { from: '', to: [{ place: '', weight: 100 }] }
const NO_MOVE = { from: '', to: '' }

/** Another kind, with a row to begin with. */
export function withKind(draft: LocalityDraft, kind: LocalityKind): LocalityDraft {
  return {
    ...draft,
    kind,
    shares: kind === 'distribute' && draft.shares.length === 0 ? [NO_SHARE] : draft.shares,
    moves: kind === 'failover' && draft.moves.length === 0 ? [NO_MOVE] : draft.moves,
  }
}

export const withShare = (draft: LocalityDraft): LocalityDraft => ({ ...draft, shares: [...draft.shares, NO_SHARE] })
export const withMove = (draft: LocalityDraft): LocalityDraft => ({ ...draft, moves: [...draft.moves, NO_MOVE] })

export function fromSetting(setting: LocalitySetting | undefined): LocalityDraft {
  const { enabled, distribute = [], failover = [], ...rest } = setting ?? {}
  const kind =
    enabled === false ? 'off' : distribute.length > 0 ? 'distribute' : failover.length > 0 ? 'failover' : 'standard'
  return {
    kind,
    shares: distribute.map(({ from, to }) => ({
      from,
      to: Object.entries(to).map(([place, weight]) => ({ place, weight })),
    })),
    moves: failover,
    rest,
  }
}

/** What Istio is told; nothing where all is as Istio has it. */
export function toSetting({ kind, shares, moves, rest }: LocalityDraft): LocalitySetting | undefined {
  switch (kind) {
    case 'standard':
      return Object.keys(rest).length === 0 ? undefined : { ...rest }
    case 'off':
      return { ...rest, enabled: false }
    case 'distribute': {
      const distribute = shares.map(({ from, to }) => ({
        from: from.trim(),
        to: Object.fromEntries(to.map(({ place, weight }) => [place.trim(), weight])),
      }))
      return { ...rest, enabled: true, distribute }
    }
    case 'failover': {
      const failover = moves.map(({ from, to }) => ({ from: from.trim(), to: to.trim() }))
      return { ...rest, enabled: true, failover }
    }
  }
}
