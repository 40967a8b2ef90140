import { isRecord } from '@meshdeck/kube'
import ArrowDownOutlined from '@ant-design/icons/es/icons/ArrowDownOutlined'
import ArrowUpOutlined from '@ant-design/icons/es/icons/ArrowUpOutlined'
import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { appendAt, moveAt, removeAt, renameAt, setAt, type YamlPath } from './document-edits.ts'
import {
  MapField,
  NameInput,
  NumberControl,
  SelectField,
  TextControl,
  TextsField,
  ToggleField,
} from './field-controls.tsx'
import { printPath, useFieldWords, useItemWord, valueAt, type FieldProps } from './field-props.ts'
import { RULES } from './field-rules.ts'
import { stepsOf, type FieldSpec } from './field-spec.ts'
import { Notes } from './form-field.tsx'
import { useFormState } from './form-state.ts'

export interface FieldsProps {
  specs: readonly FieldSpec[]
  /** Where the object that they are about stands in the document. */
  at: YamlPath
  value: unknown
  /** Fields that are shown elsewhere and so not missing here. */
  elsewhere?: readonly string[]
}

const NOWHERE: readonly string[] = []

/** Fields of one object, each at its place in the document. What has no field is named and kept. */
export function Fields({ specs, at, value, elsewhere = NOWHERE }: FieldsProps) {
  const { t } = useTranslation('forms')
  const shown = new Set([...specs.map(({ path }) => stepsOf(path)[0]), ...elsewhere])
  const others = isRecord(value) ? Object.keys(value).filter((key) => !shown.has(key)) : []
  return (
    <>
      <div className="md-form-fields">
        {specs.map((spec) => (
          <Field
            key={`${spec.type} ${spec.path}`}
            spec={spec}
            at={[...at, ...stepsOf(spec.path)]}
            base={at.length}
            value={valueAt(value, stepsOf(spec.path))}
          />
        ))}
      </div>
      {others.length > 0 && <p className="md-muted">{t('alsoSet', { fields: others.join(', ') })}</p>}
    </>
  )
}

function Field(props: FieldProps): ReactNode {
  const { spec, ...rest } = props
  switch (spec.type) {
    case 'text':
      return <TextControl spec={spec} {...rest} />
    case 'texts':
      return <TextsField spec={spec} {...rest} />
    case 'number':
      return <NumberControl spec={spec} {...rest} />
    case 'select':
      return <SelectField spec={spec} {...rest} />
    case 'toggle':
      return <ToggleField spec={spec} {...rest} />
    case 'map':
      return <MapField spec={spec} {...rest} />
    case 'group':
      return <GroupField spec={spec} {...rest} />
    case 'list':
      return <ListField spec={spec} {...rest} />
    case 'entries':
      return <EntriesField spec={spec} {...rest} />
  }
}

/** An object of its own, which is added and taken away as a whole. */
function GroupField({ spec, at, base, value }: FieldProps<'group'>) {
  const { t } = useTranslation('forms')
  const { edit, notesAt } = useFormState()
  const { label, help } = useFieldWords(spec)
  if (value === undefined && spec.open !== true) {
    return (
      <div className="md-form-absent">
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => edit((document) => setAt(document, at, structuredClone(spec.start ?? {})))}
        >
          {t('group.add', { label })}
        </Button>
        {help && <span className="md-muted"> {help}</span>}
      </div>
    )
  }
  return (
    <fieldset className="md-form-group">
      <legend>{label}</legend>
      {help && <p className="md-muted">{help}</p>}
      <Fields specs={spec.fields} at={at} value={value} />
      <Notes notes={notesAt(printPath(at))} />
      {value !== undefined && spec.open !== true && (
        <Button
          className="md-form-corner"
          type="text"
          size="small"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t('group.remove', { label })}
          title={t('group.remove', { label })}
          onClick={() => edit((document) => removeAt(document, at, base))}
        />
      )}
    </fieldset>
  )
}

/** A list of objects. */
function ListField({ spec, at, base, value }: FieldProps<'list'>) {
  const { t } = useTranslation('forms')
  const { edit, notesAt } = useFormState()
  const { label, help } = useFieldWords(spec)
  const item = useItemWord(spec)
  const rows: readonly unknown[] = Array.isArray(value) ? value : []
  return (
    <fieldset className="md-form-list">
      <legend>{label}</legend>
      {help && <p className="md-muted">{help}</p>}
      {rows.map((row, index) => {
        const name = nameOf(row) || String(index + 1)
        return (
          <fieldset
            // oxlint-disable-next-line react/no-array-index-key -- elements of a YAML list have no identity but their place
            key={index}
            className="md-form-item"
          >
            <legend>{t('list.item', { item, name })}</legend>
            <Fields specs={spec.fields} at={[...at, index]} value={row} />
            <Notes notes={notesAt(printPath([...at, index]))} />
            <div className="md-form-corner">
              {spec.ordered && rows.length > 1 && (
                <>
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowUpOutlined aria-hidden />}
                    disabled={index === 0}
                    aria-label={t('list.up', { item, name })}
                    title={t('list.up', { item, name })}
                    onClick={() => edit((document) => moveAt(document, at, index, index - 1))}
                  />
                  <Button
                    type="text"
                    size="small"
                    icon={<ArrowDownOutlined aria-hidden />}
                    disabled={index === rows.length - 1}
                    aria-label={t('list.down', { item, name })}
                    title={t('list.down', { item, name })}
                    onClick={() => edit((document) => moveAt(document, at, index, index + 1))}
                  />
                </>
              )}
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined aria-hidden />}
                aria-label={t('list.remove', { item, name })}
                title={t('list.remove', { item, name })}
                onClick={() => edit((document) => removeAt(document, [...at, index], base))}
              />
            </div>
          </fieldset>
        )
      })}
      <Notes
        notes={[
          ...notesAt(printPath(at)),
          ...(spec.required && rows.length === 0 ? [{ severity: 'error' as const, message: t('rules.required') }] : []),
        ]}
      />
      <div className="md-form-actions">
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => edit((document) => appendAt(document, at, structuredClone(spec.start)))}
        >
          {t('list.add', { item })}
        </Button>
      </div>
    </fieldset>
  )
}

/** What an element is called by itself. */
function nameOf(row: unknown): string {
  if (!isRecord(row)) return ''
  const own = row['name'] ?? row['issuer'] ?? row['key'] ?? row['address'] ?? row['from']
  return typeof own === 'string' ? own : ''
}

/** Objects by a name, such as settings by port. */
function EntriesField({ spec, at, base, value }: FieldProps<'entries'>) {
  const { t } = useTranslation('forms')
  const { edit, notesAt } = useFormState()
  const { label, help } = useFieldWords(spec)
  const item = useItemWord(spec)
  const pairs = isRecord(value) ? Object.entries(value) : []
  return (
    <fieldset className="md-form-list">
      <legend>{label}</legend>
      {help && <p className="md-muted">{help}</p>}
      {pairs.map(([name, each]) => {
        const fault = RULES[spec.key](name)
        return (
          <fieldset key={name} className="md-form-item">
            <legend>{t('list.item', { item, name })}</legend>
            <div className="md-form-pair">
              <NameInput
                label={t('map.name', { label })}
                value={name}
                onCommit={(next) => edit((document) => renameAt(document, at, name, next))}
              />
            </div>
            {fault !== undefined && (
              <Notes notes={[{ severity: 'error', message: t(`rules.${fault}`, { text: name }) }]} />
            )}
            <Fields specs={spec.fields} at={[...at, name]} value={each} />
            <div className="md-form-corner">
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined aria-hidden />}
                aria-label={t('list.remove', { item, name })}
                title={t('list.remove', { item, name })}
                onClick={() => edit((document) => removeAt(document, [...at, name], base))}
              />
            </div>
          </fieldset>
        )
      })}
      <Notes notes={notesAt(printPath(at))} />
      <div className="md-form-actions">
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          disabled={pairs.some(([name]) => name === '')}
          onClick={() => edit((document) => setAt(document, [...at, ''], structuredClone(spec.start)))}
        >
          {t('list.add', { item })}
        </Button>
      </div>
    </fieldset>
  )
}
