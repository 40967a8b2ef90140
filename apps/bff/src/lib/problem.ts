import type { Problem, ProblemCode } from '@meshdeck/contract'

/** What a Problem says beyond its code. */
export type ProblemExtras = Partial<Problem>

/** Thrown by our own code for everything that a caller should be told; the error handler turns it into the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem

  constructor(code: ProblemCode, detail?: string, extras: ProblemExtras = {}) {
    super(detail ?? code)
    this.problem = problemOf(code, detail, extras)
  }

  /** Throws on a Problem that is there already. */
  static from(problem: Problem): ProblemError {
    return new ProblemError('internal', problem.detail, problem)
  }
}

/** The Problem of a code. */
export function problemOf(code: ProblemCode, detail?: string, extras: ProblemExtras = {}): Problem {
  const { status, title } = PROBLEMS[code]
  return { type: 'about:blank', code, title, status, ...(detail === undefined ? {} : { detail }), ...extras }
}

const PROBLEMS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  'bad-request': { status: 400, title: 'The request is not understood' },
  'invalid-input': { status: 400, title: 'The input is not valid' },
  unauthenticated: { status: 401, title: 'You are not signed in' },
  'invalid-token': { status: 401, title: 'The token is not valid, or no longer' },
  csrf: { status: 403, title: 'The request did not come from the console' },
  forbidden: { status: 403, title: 'You lack a right' },
  'not-found': { status: 404, title: 'There is no such object' },
  'unknown-kind': { status: 404, title: 'Meshdeck does not know this kind' },
  'unknown-cluster': { status: 404, title: 'There is no such cluster' },
  'unknown-mesh': { status: 404, title: 'There is no such mesh' },
  'kind-not-installed': { status: 404, title: 'The cluster does not have this kind' },
  'already-exists': { status: 409, title: 'An object of this name exists' },
  conflict: { status: 409, title: 'The object was changed meanwhile' },
  'invalid-object': { status: 422, title: 'The cluster does not accept the object' },
  'admission-denied': { status: 422, title: 'The cluster’s admission refused the object' },
  'read-only-kind': { status: 405, title: 'Objects of this kind are not written here' },
  'kubeconfig-invalid': { status: 400, title: 'The kubeconfig cannot be used' },
  'cluster-in-use': { status: 409, title: 'The cluster belongs to a mesh' },
  'secret-in-use': { status: 409, title: 'The Secret is in use' },
  'mesh-protected': { status: 409, title: 'The mesh is protected' },
  'cluster-unreachable': { status: 503, title: 'The cluster cannot be reached' },
  'cluster-timeout': { status: 504, title: 'The cluster did not answer in time' },
  'cluster-error': { status: 502, title: 'The cluster answered with an error' },
  'pod-unreachable': { status: 502, title: 'The pod gave no usable answer' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'prometheus-not-configured': { status: 404, title: 'No Prometheus is set for this mesh' },
  'prometheus-unreachable': { status: 503, title: 'Prometheus cannot be reached' },
  'prometheus-timeout': { status: 504, title: 'Prometheus did not answer in time' },
  'prometheus-bad-query': { status: 502, title: 'Prometheus refused the query' },
  'prometheus-overloaded': { status: 503, title: 'Prometheus has too much to do' },
  'prometheus-query-too-costly': { status: 422, title: 'The query would read too much' },
  'prometheus-busy': { status: 429, title: 'Too many queries wait for Prometheus' },
  'prometheus-stale': { status: 503, title: 'Prometheus is slow; its figures are of a moment ago' },
  'prometheus-partial': { status: 503, title: 'Prometheus answered in part' },
  'prometheus-clock': { status: 503, title: 'The clock of Prometheus is wrong' },
  'too-large': { status: 413, title: 'The request is too large' },
  internal: { status: 500, title: 'Something went wrong in Meshdeck' },
}
