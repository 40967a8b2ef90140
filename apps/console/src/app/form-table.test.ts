import { KINDS } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import page from '../../../../docs/forms.md?raw'
import words from '../locales/en-US/forms.json' with { type: 'json' }
import ownWords from '../locales/en-US/virtual-services.json' with { type: 'json' }
import { valueAt } from '../resource-kit/form/field-props.ts'
import { labelOf } from '../resource-kit/form/field-spec.ts'
import { formOf } from '../resource-kit/forms.ts'
import { registerForms } from './forms.ts'
import { fieldsOf, STRETCHES } from './testing/form-fields.ts'
import { WRITTEN_FIELDS } from './testing/virtual-service-fields.ts'

interface Row {
  kind: string
  path: string
  label: string
  tests: string[]
}

const HERE = 'file:///apps/console/src/app/form-table.test.ts'
const FILES = Object.keys(
  import.meta.glob(['../../../../{apps,packages}/*/src/**/*.test.{ts,tsx}', '../../../../e2e/tests/*.ts']),
).map((each) => new URL(each, HERE).pathname)
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, each = '']) => each)

/** Rows of the tables of fields; one below several places stands for the field at each of them. */
function rowsOf(text: string): Row[] {
  const rows: Row[] = []
  let kind = ''
  let within: string[] = ['']
  for (const line of text.split('\n')) {
    if (line.startsWith('### ')) {
      kind = line.slice(4)
      within = ['']
    } else if (line.startsWith('Below ')) within = quoted(line).map((place) => `${place}.`)
    else if (line.startsWith('|')) {
      const [, label = '', path = '', tests = ''] = cells(line)
      const [own] = path === 'path below `spec`' ? [] : quoted(path)
      if (own !== undefined)
        rows.push(...within.map((place) => ({ kind, label, path: place + own, tests: tests.split(', ') })))
    }
  }
  return rows
}

const [intro = '', fields = ''] = page.split('\n## ')
const rows = rowsOf(fields)
/** Names of tests, with the files that they are in. */
const tests = new Map(
  intro
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => [cells(line)[0] ?? '', quoted(cells(line)[2] ?? '')[0]]),
)

/** What the forms have: parts stand in the words of what is in them. */
const had: Row[] = [
  ...STRETCHES.flatMap((stretch) =>
    fieldsOf(stretch)
      .filter(({ spec }) => !('fields' in spec))
      .map(({ spec, parents, path }) => ({
        kind: stretch.kind,
        path,
        label: [...parents, spec]
          .map((each) => Object.entries(words.fields).find(([key]) => key === labelOf(each))?.[1])
          .join(' › '),
        tests: ['fields'],
      })),
  ),
  ...WRITTEN_FIELDS.map(({ path, condition, label }) => ({
    kind: 'VirtualService',
    path,
    label: String(valueAt(ownWords, (condition ?? label).split('.'))).replace(/ \{\{.*\}\}/, ''),
    tests: ['written'],
  })),
]
const keyOf = ({ kind, path }: Row): string => `${kind} ${path}`

describe('the page of forms', () => {
  it('has a row for every field of every form, and none without a field', () => {
    expect(rows.map(keyOf).toSorted()).toEqual(had.map(keyOf).toSorted())
  })

  it('is about every form but that of a mesh, which is a page of its own', () => {
    registerForms()
    const kinds = KINDS.map(({ id }) => id).filter((id) => formOf(id) !== undefined && id !== 'Mesh')
    expect([...new Set(rows.map(({ kind }) => kind))].toSorted()).toEqual(kinds.toSorted())
  })

  it('calls every field as the form does', () => {
    const called = new Map(had.map((field) => [keyOf(field), field.label]))
    expect(
      rows.filter((row) => !`› ${called.get(keyOf(row)) ?? ''}`.endsWith(`› ${row.label.split(' › ').at(-1) ?? ''}`)),
    ).toEqual([])
  })

  it('names for every field the test that is made for it, and tests that are there', () => {
    const own = new Map(had.map((field) => [keyOf(field), field.tests[0] ?? '']))
    expect(rows.filter((row) => row.tests[0] !== own.get(keyOf(row)))).toEqual([])
    expect(rows.flatMap((row) => row.tests).filter((name) => !tests.has(name))).toEqual([])
    const files = [...tests.values()].flatMap((file) => (file?.includes('/') ? [file] : []))
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter((file) => !FILES.includes(`/${file}`))).toEqual([])
  })
})
