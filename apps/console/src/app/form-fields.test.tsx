// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import enWords from '../locales/en-US/forms.json' with { type: 'json' }
import zhWords from '../locales/zh-CN/forms.json' with { type: 'json' }
import { stepsOf } from '../resource-kit/form/field-spec.ts'
import { formControls } from './testing/form-controls.ts'
import {
  emptyObject,
  fieldsOf,
  fullObject,
  lastIn,
  put,
  sampleOf,
  STRETCHES,
  take,
  type FormField,
  type FormStretch,
} from './testing/form-fields.ts'
import { openedForm } from './testing/opened-form.tsx'

const WORDS = { 'en-US': enWords, 'zh-CN': zhWords }

function opened(stretch: FormStretch, language: 'en-US' | 'zh-CN', object: Record<string, unknown>) {
  const content: Record<string, unknown> = stretch.within === '' ? {} : { spec: { http: [{}, {}] } }
  put(content, stretch.at, object)
  const form = openedForm(stretch.kind, language, content)
  const part = () => (stretch.within === '' ? form.element() : form.element().querySelectorAll('li.md-form-route')[1])
  return {
    ...form,
    controls: () => formControls(part() ?? form.element(), WORDS[language]),
  }
}

const named = (fields: readonly FormField[]) => fields.map((field) => [field.path, field] as const)

/** What a field holds after the first thing that can be done to it when it is empty. */
function begun(field: FormField): unknown {
  switch (field.spec.type) {
    case 'map':
      return { '': field.spec.numbers ? 0 : '' }
    case 'list':
      return [field.spec.start]
    case 'entries':
      return { '': field.spec.start }
    case 'group':
      return field.spec.start ?? {}
    case 'text':
    case 'texts':
    case 'number':
    case 'select':
    case 'toggle':
      return sampleOf(field, 1)
  }
}

describe.each(STRETCHES.map((stretch) => [`${stretch.kind}${stretch.within && ' routes'}`, stretch] as const))(
  'form of %s',
  (_title, stretch) => {
    const all = fieldsOf(stretch)
    const depth = Math.max(...all.map(({ parents }) => parents.length))

    describe('with everything set, in Chinese', () => {
      const form = opened(stretch, 'zh-CN', fullObject(stretch))

      it.each(named(all))('shows %s, and takes it away', (_path, field) => {
        const { spec, at } = field
        const shown = form.controls().shown(field)
        if (spec.type === 'list' || spec.type === 'entries') expect(shown).toHaveLength(2)
        else expect(shown).toEqual(spec.type === 'group' ? {} : sampleOf(field))

        if (spec.type === 'map') {
          const other = sampleOf(field, 1)
          const written = form.after(() => form.controls().write(field, other))
          expect(written).toEqual(form.expected((target) => put(target, at, other)))
        }
        const cleared = form.after(() => form.controls().clear(field))
        const last = lastIn(field)
        const own = stepsOf(spec.path).length + last.length - at.length
        expect(cleared).toEqual(form.expected((target) => take(target, last, own)))
      })
    })

    describe.each(Array.from({ length: depth + 1 }, (_each, at) => at))(
      'with nothing set below depth %i, in English',
      (at) => {
        const form = opened(stretch, 'en-US', emptyObject(stretch, at))

        it.each(named(all.filter(({ parents }) => parents.length === at)))(
          'shows no %s, and writes it',
          (_path, field) => {
            expect(form.controls().shown(field)).toBeUndefined()
            const written = form.after(() => form.controls().write(field, sampleOf(field, 1)))
            expect(written).toEqual(form.expected((target) => put(target, field.at, begun(field))))
          },
        )
      },
    )
  },
)
