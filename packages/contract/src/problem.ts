import { Type, type Static } from 'typebox'

/**
 * The one form of every error that leaves the BFF, after RFC 9457 (application/problem+json).
 * `code` is stable and is what the console translates; `detail` is in English and names the field or object and the cure.
 */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URI of the kind of problem; about:blank when the code says all.' }),
    code: Type.String({ description: 'Stable code, e.g. `cluster-unreachable`; see PROBLEM_CODES.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'Id of the request, to find it in the log.' })),
    cluster: Type.Optional(Type.String({ description: 'The cluster that refused or failed.' })),
    params: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Values for the translated text of the code.' }),
    ),
    fields: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'Dotted path of the input, e.g. `spec.http[0].route`.' }),
          message: Type.String(),
        }),
      ),
    ),
    missing: Type.Optional(
      Type.Object(
        {
          verb: Type.String(),
          group: Type.String(),
          resource: Type.String(),
          namespace: Type.Optional(Type.String()),
          name: Type.Optional(Type.String()),
        },
        { description: 'With `forbidden`: the right that is missing.' },
      ),
    ),
    current: Type.Optional(Type.Unknown({ description: "With `conflict`: the server's present copy of the object." })),
  },
  { $id: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** All codes, so that both locales can be checked for a text each. */
export const PROBLEM_CODES = [
  'bad-request',
  'invalid-input',
  'unauthenticated',
  'invalid-token',
  'csrf',
  'forbidden',
  'not-found',
  'unknown-kind',
  'unknown-cluster',
  'unknown-mesh',
  'kind-not-installed',
  'already-exists',
  'conflict',
  'invalid-object',
  'admission-denied',
  'read-only-kind',
  'kubeconfig-invalid',
  'cluster-in-use',
  'secret-in-use',
  'mesh-protected',
  'cluster-unreachable',
  'cluster-timeout',
  'cluster-error',
  'pod-unreachable',
  'too-many-requests',
  'prometheus-not-configured',
  'prometheus-unreachable',
  'prometheus-timeout',
  'prometheus-bad-query',
  'prometheus-overloaded',
  'prometheus-query-too-costly',
  'prometheus-busy',
  'prometheus-stale',
  'prometheus-partial',
  'prometheus-clock',
  'too-large',
  'internal',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** Said beside figures that are there: they are old, incomplete, or of another moment. */
export function isMetricsNote({ code }: Problem): boolean {
  return code === 'prometheus-stale' || code === 'prometheus-partial' || code === 'prometheus-clock'
}

/** A cluster that could not be asked, in an answer that holds what the others said. */
export const ClusterFailure = Type.Object({
  cluster: Type.String(),
  since: Type.Optional(Type.String({ format: 'date-time' })),
  problem: Problem,
})
export type ClusterFailure = Static<typeof ClusterFailure>
