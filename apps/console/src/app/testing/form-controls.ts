import { fireEvent } from '@testing-library/react'
import { labelOf, type FieldSpec } from '../../resource-kit/form/field-spec.ts'
import type { FormField } from './form-fields.ts'

/** Words of forms, as they stand in a locale. */
export interface FormWords {
  unset: string
  fields: Readonly<Record<string, string>>
  items: Readonly<Record<string, string>>
  map: Readonly<Record<'name' | 'value' | 'add' | 'remove', string>>
  group: Readonly<Record<'add' | 'remove', string>>
  list: Readonly<Record<'item' | 'add' | 'remove', string>>
}

const PARTS = 'fieldset, li, .md-form'

/**
 * Reads and works one field of a form that is on the screen, as a reader finds it: by the words of the parts that it stands
 * in, and by its own. Queries by role ask for the styles of each ancestor and are a hundred times as slow, which a form of
 * two hundred fields does not bear.
 */
export function formControls(form: Element, words: FormWords) {
  const labelled = (spec: FieldSpec): string => words.fields[labelOf(spec)] ?? `no words for ${labelOf(spec)}`
  const itemOf = (spec: FieldSpec): string => words.items[labelOf(spec)] ?? `no word for one of ${labelOf(spec)}`
  const fill = (text: string, values: Readonly<Record<string, string>>): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '')

  /** The part of the form that a field stands in. */
  const partOf = ({ parents }: FormField): Element => parents.reduce(inPart, form)
  const inPart = (part: Element, spec: FieldSpec): Element => {
    const own = fieldsetOf(part, labelled(spec))
    if (spec.type === 'group') return own
    const last = direct(own, 'fieldset').at(-1)
    if (last === undefined) throw new Error(`no element in ${labelled(spec)}`)
    return last
  }
  const buttonIn = (part: Element, text: string): HTMLButtonElement =>
    only(
      direct<HTMLButtonElement>(part, 'button').filter((each) => wordsOf(each) === text),
      text,
    )

  const control = (field: FormField): HTMLInputElement => {
    const label = labelled(field.spec)
    const found = only(
      direct<HTMLLabelElement>(partOf(field), 'label').filter((each) => each.textContent === label),
      label,
    )
    const input = found.control
    if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement)) throw new Error(`no ${label}`)
    return input as HTMLInputElement
  }
  const mapOf = (field: FormField): Element => fieldsetOf(partOf(field), labelled(field.spec))

  return {
    /** What the form shows, as the document has it; undefined for nothing. */
    shown(field: FormField): unknown {
      const { spec } = field
      switch (spec.type) {
        case 'text':
          return control(field).value || undefined
        case 'number':
          return control(field).value === '' ? undefined : Number(control(field).value)
        case 'toggle':
          return control(field).checked || undefined
        case 'texts':
        case 'select': {
          const shown = [
            ...(control(field)
              .closest('.md-form-field')
              ?.querySelectorAll(spec.type === 'texts' ? ITEMS : CHOSEN) ?? []),
          ].map((each) => each.textContent ?? '')
          if (spec.type === 'texts') return shown.length === 0 ? undefined : shown
          return shown[0] === words.unset ? undefined : shown[0]
        }
        case 'map': {
          const inputs = direct<HTMLInputElement>(mapOf(field), 'input')
          const label = labelled(spec)
          const names = inputs.filter((each) => wordsOf(each) === fill(words.map.name, { label }))
          const pairs = names.map(({ value: name }) => {
            const text = fill(words.map.value, { label, name })
            const { value } = only(
              inputs.filter((each) => wordsOf(each) === text),
              text,
            )
            return [name, spec.numbers ? Number(value) : value]
          })
          return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
        }
        case 'group':
          return direct(partOf(field), 'fieldset').some((each) => legendOf(each) === labelled(spec)) ? {} : undefined
        case 'list':
        case 'entries': {
          const elements = direct(mapOf(field), 'fieldset')
          return elements.length === 0 ? undefined : elements.map(legendOf)
        }
      }
    },

    /** Types or chooses a value; adds a part, or a pair without a name to a map that has none. */
    write(field: FormField, given: unknown): void {
      const { spec } = field
      const label = labelled(spec)
      switch (spec.type) {
        case 'text':
        case 'number':
          fireEvent.change(control(field), { target: { value: String(given) } })
          return
        case 'texts':
          fireEvent.change(control(field), { target: { value: `${String(given)},` } })
          return
        case 'toggle':
          fireEvent.click(control(field))
          return
        case 'select':
          choose(control(field), String(given))
          return
        case 'map': {
          const value = direct<HTMLInputElement>(mapOf(field), 'input')[1]
          const text = String(Object.values(Object(given))[0])
          if (value) fireEvent.change(value, { target: { value: text } })
          else fireEvent.click(buttonIn(mapOf(field), fill(words.map.add, { item: itemOf(spec) })))
          return
        }
        case 'group':
          fireEvent.click(buttonIn(partOf(field), fill(words.group.add, { label })))
          return
        case 'list':
        case 'entries':
          fireEvent.click(buttonIn(mapOf(field), fill(words.list.add, { item: itemOf(spec) })))
      }
    },

    /** Empties a field; takes away a group, or the last element of a list or map. */
    clear(field: FormField): void {
      const { spec } = field
      const label = labelled(spec)
      switch (spec.type) {
        case 'text':
        case 'number':
          fireEvent.change(control(field), { target: { value: '' } })
          return
        case 'toggle':
          fireEvent.click(control(field))
          return
        case 'select':
          choose(control(field), words.unset)
          return
        case 'texts': {
          const remove = control(field).closest('.md-form-field')?.querySelector('.ant-select-selection-item-remove')
          if (!remove) throw new Error(`nothing to take out of ${label}`)
          fireEvent.click(remove)
          return
        }
        case 'map': {
          const name = direct<HTMLInputElement>(mapOf(field), 'input')[0]?.value ?? ''
          fireEvent.click(buttonIn(mapOf(field), fill(words.map.remove, { label, name })))
          return
        }
        case 'group':
          fireEvent.click(buttonIn(fieldsetOf(partOf(field), label), fill(words.group.remove, { label })))
          return
        case 'list':
        case 'entries': {
          const last = direct(mapOf(field), 'fieldset').at(-1)
          const start = fill(words.list.remove, { item: itemOf(spec), name: '' })
          const buttons = direct<HTMLButtonElement>(last ?? form, 'button')
          fireEvent.click(
            only(
              buttons.filter((each) => wordsOf(each).startsWith(start)),
              start,
            ),
          )
        }
      }
    },
  }
}

const ITEMS = '.ant-select-selection-item-content'
const CHOSEN = '.ant-select-content'

/** What stands in a part itself, not in one inside of it. */
const direct = <T extends Element>(part: Element, selector: string): T[] =>
  [...part.querySelectorAll<T>(selector)].filter((each) => each.parentElement?.closest(PARTS) === part)

const legendOf = (part: Element): string => part.querySelector('legend')?.textContent ?? ''
const wordsOf = (each: Element): string => each.getAttribute('aria-label') ?? each.textContent ?? ''

function fieldsetOf(part: Element, label: string): Element {
  const named = direct(part, 'fieldset').filter((each) => legendOf(each) === label)
  return only(named, label)
}

/** Two of one name are as bad as none: nobody could tell which is meant. */
function only<T>(found: readonly T[], what: string): T {
  const [first] = found
  if (first === undefined || found.length > 1) throw new Error(`${found.length} of “${what}”`)
  return first
}

/** Chooses one of what a list offers. */
export function choose(control: HTMLElement, text: string): void {
  const select = control.closest('.ant-select')
  if (!select) throw new Error('no choice')
  fireEvent.mouseDown(select)
  // In tests antd gives all lists without an id of ours the same one; that of the last is on top.
  const list = [...document.querySelectorAll(`[id="${control.getAttribute('aria-controls') ?? ''}"]`)].at(-1)
  const options = [...(list?.closest('.ant-select-dropdown')?.querySelectorAll('.ant-select-item-option') ?? [])]
  fireEvent.click(
    only(
      options.filter((each) => each.textContent === text),
      text,
    ),
  )
}
