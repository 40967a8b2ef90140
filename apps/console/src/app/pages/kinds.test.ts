import { apiVersionOf, KINDS } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import en from '../../locales/en-US/resources.json' with { type: 'json' }
import zh from '../../locales/zh-CN/resources.json' with { type: 'json' }
import { readDraft } from '../../resource-kit/draft.ts'
import { kindDocs } from '../../resource-kit/kind-docs.ts'
import { loadTemplate } from '../../resource-kit/template.ts'
import { kindOfRoute } from './kind-route.ts'

const withPage = KINDS.filter((kind) => kindOfRoute(kind.path) !== undefined)
const ids = withPage.map((kind) => kind.id)

describe('kinds with pages', () => {
  it('are the fourteen of Istio and the five of the Gateway API', () => {
    expect(withPage).toHaveLength(19)
  })

  it.each(ids)('%s is named and explained in both languages, and so are its columns', (id) => {
    const columns = withPage.find((kind) => kind.id === id)?.columns.map((column) => column.id) ?? []
    for (const texts of [en, zh]) {
      const kinds: Record<string, { singular: string; plural: string; what: string }> = texts.kinds
      const { singular, plural, what } = kinds[id] ?? { singular: '', plural: '', what: '' }
      expect([singular, plural, what].every((text) => text !== '')).toBe(true)
      expect(columns.filter((column) => !(column in texts.columns))).toEqual([])
    }
    expect(kindDocs(id)).toMatch(/^https:/)
  })

  it.each(withPage.filter((kind) => kind.access === 'full').map((kind) => kind.id))(
    '%s begins with a template that lacks nothing but a name',
    async (id) => {
      const kind = withPage.find((each) => each.id === id)
      if (!kind) throw new Error(`no kind ${id}`)
      const draft = readDraft(await loadTemplate(id, 'shop'), { kind: id })
      expect(draft.problems.map((problem) => problem.code)).toEqual(['noName'])
      expect(draft.value).toMatchObject({
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        ...(kind.namespaced ? { metadata: { namespace: 'shop' } } : {}),
      })
      expect(draft.value?.spec).toBeTypeOf('object')
      expect(Object.keys(draft.value?.spec ?? {})).not.toEqual([])
    },
  )
})
