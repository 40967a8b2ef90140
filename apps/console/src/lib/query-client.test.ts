import { describe, expect, it, vi } from 'vitest'
import { ApiError } from './api.ts'
import { createQueryClient, retryDelay, shouldRetry } from './query-client.ts'

const problem = (status: number) => new ApiError({ type: 'about:blank', code: 'x', title: 'x', status })

describe('asking again', () => {
  it.each([400, 401, 403, 404, 409, 422])('is no use after %i', (status) => {
    expect(shouldRetry(0, problem(status))).toBe(false)
  })

  it.each([0, 429, 500, 502, 503])('may help after %i, three times', (status) => {
    expect([0, 1, 2, 3].map((failures) => shouldRetry(failures, problem(status)))).toEqual([true, true, true, false])
  })

  it('waits longer each time, up to a bound, and never the same for all tabs', () => {
    expect([0, 1, 2, 10].map((attempt) => retryDelay(attempt, () => 0))).toEqual([250, 500, 1000, 7500])
    expect([0, 1, 2, 10].map((attempt) => retryDelay(attempt, () => 1))).toEqual([500, 1000, 2000, 15_000])
  })
})

describe('createQueryClient', () => {
  const setUp = () => {
    const notices = { success: vi.fn(), failure: vi.fn() }
    const ended = vi.fn()
    return { client: createQueryClient(notices, ended), notices, ended }
  }

  it('tells of a failed change, but not of one that shows its failure itself', async () => {
    const { client, notices } = setUp()
    const change = (meta: { silent?: boolean }) =>
      client
        .getMutationCache()
        .build(client, { mutationFn: () => Promise.reject(problem(409)), meta })
        .execute(undefined)
    await expect(change({ silent: true })).rejects.toThrow(ApiError)
    expect(notices.failure).not.toHaveBeenCalled()
    await expect(change({})).rejects.toThrow(ApiError)
    expect(notices.failure).toHaveBeenCalledOnce()
  })

  it('tells of a change that has worked in the words it was given', async () => {
    const { client, notices } = setUp()
    await client
      .getMutationCache()
      .build(client, { mutationFn: () => Promise.resolve(1), meta: { success: 'Done' } })
      .execute(undefined)
    expect(notices.success).toHaveBeenCalledExactlyOnceWith('Done')
  })

  it('ends the session on 401, whoever asked', async () => {
    const { client, ended } = setUp()
    await expect(client.fetchQuery({ queryKey: ['x'], queryFn: () => Promise.reject(problem(401)) })).rejects.toThrow(
      ApiError,
    )
    expect(ended).toHaveBeenCalledOnce()
  })
})
