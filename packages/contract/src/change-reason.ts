import { Type } from 'typebox'

/** Why a change is made, for those who read the history. A thousand letters are kept of it. */
export const ChangeReason = Type.Optional(Type.String({ maxLength: 1_000, description: 'Why the change is made.' }))
