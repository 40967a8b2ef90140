import { describe, expect, it } from 'vitest'
import { DEFAULT_DIR, LabOptionsError, resolveOptions } from './options.ts'

describe('options of a lab', () => {
  it('are two clusters in the repository’s .lab unless told', () => {
    expect(resolveOptions({})).toMatchObject({ dir: DEFAULT_DIR, clusters: ['alpha', 'beta'] })
    expect(DEFAULT_DIR).toMatch(/\/\.lab$/)
  })

  it.each([
    [['Alpha'], 'cannot name a cluster'],
    [['../a'], 'cannot name a cluster'],
    [['users'], 'cannot name a cluster'],
    [['a'.repeat(33)], 'cannot name a cluster'],
    [[], 'one to six clusters'],
    [['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg'], 'one to six clusters'],
    [['aa', 'aa'], 'the same name'],
  ])('refuse the clusters %j', (clusters, message) => {
    expect(() => resolveOptions({ clusters })).toThrow(LabOptionsError)
    expect(() => resolveOptions({ clusters })).toThrow(message)
  })
})
