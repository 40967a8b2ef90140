import { isRecord } from '@meshdeck/kube'
import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import AutoComplete from 'antd/es/auto-complete'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeAt, renameAt, setAt, setTextsAt } from './document-edits.ts'
import { RULES, type RuleName } from './field-rules.ts'
import { printPath, useFieldWords, useItemWord, type FieldProps } from './field-props.ts'
import { FormField } from './form-field.tsx'
import { useFormState } from './form-state.ts'
import type { Pick as Offers } from './field-spec.ts'
import { usePicked } from './pick-options.ts'

/** Writes a field, or takes it away with what it leaves empty. */
function useWrite({ at, base }: Pick<FieldProps, 'at' | 'base'>): (value: unknown) => void {
  const { edit } = useFormState()
  return (value) =>
    edit((document) => {
      if (value === undefined || value === '') removeAt(document, at, base)
      else setAt(document, at, value)
    })
}

/** What a rule says of a text, in words. */
function useFault(): (rule: RuleName | undefined, text: string, required?: true) => string | undefined {
  const { t } = useTranslation('forms')
  return (rule, text, required) => {
    if (text === '') return required ? t('rules.required') : undefined
    const fault = rule && RULES[rule](text)
    return fault === undefined ? undefined : t(`rules.${fault}`, { text })
  }
}

/** Words for what a field names and nobody has. */
function useMissing(
  pick: Offers | undefined,
  isMissing: (text: string) => boolean,
): (texts: readonly string[]) => string[] {
  const { t } = useTranslation('forms')
  return (texts) =>
    typeof pick === 'string' ? texts.filter(isMissing).map((name) => t(`missing.${pick}`, { name })) : []
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

export function TextControl(props: FieldProps<'text'>) {
  const { spec, at, value } = props
  const { label, help } = useFieldWords(spec)
  const write = useWrite(props)
  const faultOf = useFault()
  const { options: picked, isMissing } = usePicked(spec.pick)
  const missing = useMissing(spec.pick, isMissing)
  const { offersAt } = useFormState()
  const options = spec.pick === undefined ? offersAt?.(printPath(at)) : picked
  const text = textOf(value)
  return (
    <FormField
      label={label}
      field={printPath(at)}
      fault={faultOf(spec.rule, text, spec.required)}
      missing={missing([text])}
      help={help}
    >
      {(control) =>
        options !== undefined ? (
          <AutoComplete
            {...control}
            value={text}
            options={options
              .filter((each) => each.includes(text) || options.includes(text))
              .map((each) => ({ value: each }))}
            onChange={(next: string | undefined) => write(next ?? '')}
          />
        ) : spec.long ? (
          <Input.TextArea
            {...control}
            className="md-form-mono"
            value={text}
            autoSize={{ minRows: 2, maxRows: 8 }}
            spellCheck={false}
            onChange={({ target }) => write(target.value)}
          />
        ) : (
          <Input
            {...control}
            value={text}
            spellCheck={false}
            autoComplete="off"
            onChange={({ target }) => write(target.value)}
          />
        )
      }
    </FormField>
  )
}

export function TextsField(props: FieldProps<'texts'>) {
  const { spec, at, base, value } = props
  const { edit } = useFormState()
  const { label, help } = useFieldWords(spec)
  const faultOf = useFault()
  const { options, isMissing } = usePicked(spec.pick)
  const missingOf = useMissing(spec.pick, isMissing)
  const texts = Array.isArray(value) ? value.map(textOf) : []
  const faults = texts.flatMap((text) => faultOf(spec.rule, text) ?? [])
  const missing = spec.required && texts.length === 0 ? faultOf(undefined, '', true) : undefined
  return (
    <FormField
      label={label}
      field={printPath(at)}
      withItems
      fault={faults[0] ?? missing}
      missing={missingOf(texts)}
      help={help}
    >
      {(control) => (
        <Select
          {...control}
          mode="tags"
          value={texts}
          tokenSeparators={[',', ' ']}
          options={options.map((each) => ({ value: each, label: each }))}
          onChange={(next: string[]) =>
            edit((document) => {
              if (next.length === 0) removeAt(document, at, base)
              else setTextsAt(document, at, next)
            })
          }
        />
      )}
    </FormField>
  )
}

export function NumberControl(props: FieldProps<'number'>) {
  const { spec, at, value } = props
  const { label, help } = useFieldWords(spec)
  const write = useWrite(props)
  const faultOf = useFault()
  const fault = value === undefined ? faultOf(undefined, '', spec.required) : undefined
  return (
    <FormField className="md-form-short" label={label} field={printPath(at)} fault={fault} help={help}>
      {(control) => (
        <InputNumber
          {...control}
          value={typeof value === 'number' ? value : null}
          {...(spec.min === undefined ? {} : { min: spec.min })}
          {...(spec.max === undefined ? {} : { max: spec.max })}
          onChange={(next) => write(next ?? undefined)}
        />
      )}
    </FormField>
  )
}

export function SelectField(props: FieldProps<'select'>) {
  const { spec, at, value } = props
  const { t } = useTranslation('forms')
  const { label, help } = useFieldWords(spec)
  const write = useWrite(props)
  const text = textOf(value)
  // A value that is not among ours stays visible and is kept.
  const options = text === '' || spec.options.includes(text) ? spec.options : [text, ...spec.options]
  return (
    <FormField label={label} field={printPath(at)} help={help}>
      {(control) => (
        <Select
          {...control}
          value={text}
          options={['', ...options].map((each) => ({ value: each, label: each || t('unset') }))}
          onChange={write}
        />
      )}
    </FormField>
  )
}

export function ToggleField(props: FieldProps<'toggle'>) {
  const { spec, value } = props
  const { label, help } = useFieldWords(spec)
  const write = useWrite(props)
  return (
    <div className="md-form-toggle">
      <Checkbox checked={value === true} onChange={({ target }) => write(target.checked ? true : undefined)}>
        {label}
      </Checkbox>
      {help && <span className="md-muted">{help}</span>}
    </div>
  )
}

/** Names with values, such as labels. Offers come as `name=value`. */
export function MapField(props: FieldProps<'map'>) {
  const { spec, at, base, value } = props
  const { t } = useTranslation('forms')
  const { edit, notesAt } = useFormState()
  const { label, help } = useFieldWords(spec)
  const item = useItemWord(spec)
  const { options: offers, isMissing } = usePicked(spec.pick)
  const missing = useMissing(spec.pick, isMissing)
  const pairs = isRecord(value) ? Object.entries(value) : []
  const set = (name: string, text: string) =>
    edit((document) => setAt(document, [...at, name], spec.numbers ? Number(text) || 0 : text))
  return (
    <fieldset className="md-form-map">
      <legend>{label}</legend>
      {help && <p className="md-muted">{help}</p>}
      {pairs.map(([name, each]) => (
        <div key={name} className="md-form-pair">
          <NameInput
            label={t('map.name', { label })}
            value={name}
            onCommit={(next) => edit((document) => renameAt(document, at, name, next))}
          />
          <Input
            aria-label={t('map.value', { label, name })}
            value={textOf(each)}
            spellCheck={false}
            onChange={({ target }) => set(name, target.value)}
          />
          <Button
            type="text"
            icon={<DeleteOutlined aria-hidden />}
            aria-label={t('map.remove', { label, name })}
            onClick={() => edit((document) => removeAt(document, [...at, name], base))}
          />
        </div>
      ))}
      {notesAt(printPath(at)).map(({ message }) => (
        <p key={message} className="md-form-note md-form-error">
          {message}
        </p>
      ))}
      {missing(pairs.map(([name, each]) => `${name}=${textOf(each)}`)).map((message) => (
        <p key={message} className="md-form-note md-form-warning">
          <span aria-hidden="true">! </span>
          {message}
        </p>
      ))}
      <div className="md-form-actions">
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          disabled={pairs.some(([name]) => name === '')}
          onClick={() => set('', '')}
        >
          {t('map.add', { item })}
        </Button>
        {offers
          .filter((offer) => !pairs.some(([name, each]) => `${name}=${textOf(each)}` === offer))
          .map((offer) => (
            <Button
              key={offer}
              size="small"
              onClick={() => {
                const [name = '', text = ''] = offer.split('=')
                set(name, text)
              }}
            >
              {offer}
            </Button>
          ))}
      </div>
    </fieldset>
  )
}

/** A name is a key of the document: it is set when the field is left, so that half a name never meets another entry. */
export function NameInput({
  label,
  value,
  onCommit,
}: {
  label: string
  value: string
  onCommit: (name: string) => void
}) {
  const [draft, setDraft] = useState<string>()
  const handleCommit = () => {
    if (draft !== undefined && draft !== value) onCommit(draft.trim())
    setDraft(undefined)
  }
  return (
    <Input
      className="md-form-mono"
      aria-label={label}
      value={draft ?? value}
      status={value === '' && draft === undefined ? 'error' : ''}
      spellCheck={false}
      autoComplete="off"
      onChange={({ target }) => setDraft(target.value)}
      onBlur={handleCommit}
      onPressEnter={handleCommit}
    />
  )
}
