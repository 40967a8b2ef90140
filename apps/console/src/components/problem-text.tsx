import type { Problem } from '@meshdeck/contract'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../lib/api.ts'

/** What to say of a failure: what happened, what to do next, and the server's own words. */
export interface ProblemText {
  title: string
  hint: string
  detail: string | undefined
}

/** Puts an error into the reader's language by its problem's code; the server's own words stay as they are. */
export function useProblemText(): (error: unknown) => ProblemText {
  const { t } = useTranslation('problems')
  return useCallback(
    (error) => {
      const problem = problemOf(error)
      const known = t([`${problem.code}.title`, 'internal.title'], values(problem))
      const hint = t([`${problem.code}.hint`, 'internal.hint'], values(problem))
      return { title: known, hint, detail: problem.detail ?? (problem.code === 'internal' ? problem.title : undefined) }
    },
    [t],
  )
}

/** The problem of any error; what is no `ApiError` is a mistake of ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return {
    type: 'about:blank',
    code: 'internal',
    title: error instanceof Error ? error.message : String(error),
    status: 500,
  }
}

/** A problem that came inside an answer (a failure of one cluster), as an error. */
export const asError = (problem: Problem): ApiError => new ApiError(problem)

function values(problem: Problem): Record<string, unknown> {
  return { cluster: problem.cluster ?? '', ...problem.missing, ...problem.params }
}
