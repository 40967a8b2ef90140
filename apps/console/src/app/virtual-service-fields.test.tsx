// @vitest-environment jsdom
import { fireEvent, screen, within } from '@testing-library/react'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTranslations } from '../lib/i18n.ts'
import { valueAt } from '../resource-kit/form/field-props.ts'
import { choose } from './testing/form-controls.ts'
import { put, take } from './testing/form-fields.ts'
import { openedForm } from './testing/opened-form.tsx'
import { WRITTEN_FIELDS, WRITTEN_SPEC, type WrittenField } from './testing/virtual-service-fields.ts'

describe.each(['en-US', 'zh-CN'] as const)('form of a virtual service in %s', (language) => {
  const form = openedForm('VirtualService', language, { spec: WRITTEN_SPEC })
  let t: (key: string, values?: Record<string, unknown>) => string
  beforeAll(async () => {
    const translations = await createTranslations(language)
    await translations.loadNamespaces(['virtual-services'])
    t = (key, values = {}) => translations.t(`virtual-services:${key}`, values)
  })

  const route = () => screen.getByDisplayValue('second').closest('li') ?? document.body
  const parts: Readonly<Record<WrittenField['part'], () => HTMLElement>> = {
    form: form.element,
    route,
    match: () => within(route()).getByLabelText(t('matches.one', { name: '2' })),
    destination: () => within(route()).getByLabelText(t('destinations.one', { name: 'cart' })),
  }
  const labelOf = ({ label, condition }: WrittenField): string => {
    const field = condition === undefined ? '' : t(condition)
    return label === '' ? field : t(label, { field, place: 2 })
  }
  const controlOf = (field: WrittenField): HTMLInputElement => {
    const [found, ...others] = within(parts[field.part]())
      .getAllByLabelText<HTMLInputElement>(labelOf(field))
      // “Gateways” of the form, and of a condition that says so to screen readers.
      .filter((each) => field.part !== 'form' || each.closest('li') === null)
    if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} of “${labelOf(field)}”`)
    return found
  }
  const shownIn = (control: HTMLInputElement, kind: WrittenField['control']): string[] => {
    if (kind === 'check') return [String(control.checked)]
    if (kind !== 'texts') return [control.value]
    return [...(control.closest('.ant-select')?.querySelectorAll('.ant-select-selection-item-content') ?? [])].map(
      (each) => each.textContent ?? '',
    )
  }
  const place = ({ at }: WrittenField) => ['spec', ...at]
  const named = WRITTEN_FIELDS.map((field) => [field.path, field] as const)

  it.each(named)('%s is shown', (_path, field) => {
    const value = valueAt(WRITTEN_SPEC, field.at)
    const texts = Array.isArray(value) ? value.map(String) : [String(field.control === 'check' ? true : value)]
    expect(shownIn(controlOf(field), field.control)).toEqual(texts)
  })

  it.each(named.filter(([, { control }]) => control !== 'check'))('%s is written to its path', (_path, field) => {
    const { control, next } = field
    const value = valueAt(WRITTEN_SPEC, field.at)
    const written = form.after(() =>
      fireEvent.change(controlOf(field), { target: { value: `${String(next)}${control === 'texts' ? ',' : ''}` } }),
    )
    const all = Array.isArray(value)
      ? [...value, next]
      : control === 'texts'
        ? `${String(value)},${String(next)}`
        : next
    expect(written).toEqual(form.expected((target) => put(target, place(field), all)))
  })

  it.each(named)('%s is taken away', (_path, field) => {
    const { condition, at } = field
    const cleared = form.after(() => {
      if (condition !== undefined) {
        const name = t('matches.removeCondition', { field: t(condition) })
        fireEvent.click(within(parts.match()).getByLabelText(name))
        return
      }
      const control = controlOf(field)
      if (field.control === 'check') fireEvent.click(control)
      else if (field.control !== 'texts') fireEvent.change(control, { target: { value: '' } })
      else
        fireEvent.click(control.closest('.ant-select')?.querySelector('.ant-select-selection-item-remove') ?? control)
    })
    expect(cleared).toEqual(
      form.expected((target) => {
        // Of a condition nothing stays behind, nor of a port without a number.
        const whole = condition === undefined ? at : at.slice(0, 5)
        take(target, ['spec', ...whole], at.at(-2) === 'port' ? 2 : 1)
      }),
    )
  })

  it.each(named.flatMap(([path, { condition }]) => (condition === undefined ? [] : [[path, condition] as const])))(
    '%s is begun by adding a condition',
    async (path, condition) => {
      const [, field = ''] = path.split('[].').slice(1)
      const menu = within(within(route()).getByLabelText(t('matches.one', { name: '1' })))
      fireEvent.click(menu.getByText(t('matches.addCondition')))
      const items = await within(document.body).findAllByText(t(condition), {
        selector: '.ant-dropdown-menu-title-content',
      })
      const written = form.after(() => fireEvent.click(items.at(-1) ?? document.body))
      expect(Object.keys(Object(valueAt(written, ['spec', 'http', 1, 'match', 0])))).toEqual([field])
    },
  )

  it.each(named.filter(([path, { label }]) => label === 'matches.value' && !path.endsWith('sourceLabels')))(
    '%s keeps its text when it is compared in another way',
    (_path, { condition = '', at }) => {
      const next = at.at(-1) === 'exact' ? 'regex' : 'exact'
      const operator = within(parts.match()).getByLabelText(t('matches.operator', { field: t(condition) }))
      const written = form.after(() => choose(operator, t(`matches.operators.${next}`)))
      const whole = ['spec', ...at.slice(0, -1)]
      expect(written).toEqual(form.expected((target) => put(target, whole, { [next]: valueAt(WRITTEN_SPEC, at) })))
    },
  )

  it('adds and takes away routes, matches and destinations', () => {
    const inRoute = within(route())
    const click = (label: string) => form.after(() => fireEvent.click(within(form.element()).getByText(label)))
    expect(click(t('routes.add'))).toEqual(
      form.expected((target) => put(target, ['spec', 'http', 2], { route: [{ destination: { host: 'web' } }] })),
    )
    expect(form.after(() => fireEvent.click(inRoute.getByText(t('matches.add'))))).toEqual(
      form.expected((target) => put(target, ['spec', 'http', 1, 'match', 2], { uri: { prefix: '/' } })),
    )
    expect(form.after(() => fireEvent.click(inRoute.getByText(t('destinations.add'))))).toEqual(
      form.expected((target) =>
        put(target, ['spec', 'http', 1, 'route', 2], { destination: { host: 'web' }, weight: 0 }),
      ),
    )
    expect(form.after(() => fireEvent.click(screen.getByLabelText(t('routes.remove', { place: 2 }))))).toEqual(
      form.expected((target) => take(target, ['spec', 'http', 1], 1)),
    )
    expect(form.after(() => fireEvent.click(within(parts.match()).getByText(t('matches.remove'))))).toEqual(
      form.expected((target) => take(target, ['spec', 'http', 1, 'match', 1], 1)),
    )
    const removed = form.after(() =>
      fireEvent.click(inRoute.getByLabelText(t('destinations.remove', { name: 'cart' }))),
    )
    expect(removed).toEqual(
      form.expected((target) => put(target, ['spec', 'http', 1, 'route'], [{ destination: { host: 'web' } }])),
    )
  })
})
