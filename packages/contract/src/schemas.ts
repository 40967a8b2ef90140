import { Type, type Static } from 'typebox'

/**
 * The schema of a kind as one cluster has it, cut down to what an editor needs: JSON Schema with `type`, `properties`,
 * `items`, `additionalProperties`, `enum`, `required`, `description`; whatever may be there is left open.
 */
export const KindSchema = Type.Object({ schema: Type.Unknown() })
export type KindSchema = Static<typeof KindSchema>
