import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeAt, renameAt, setAt, type YamlPath } from '../../resource-kit/form/document-edits.ts'
import { useForm } from './form-context.ts'
import { NumberField, TextField } from '../../resource-kit/form/form-field.tsx'
import { GatewaySelect } from './gateway-select.tsx'
import { fieldOfCondition } from './virtual-service-problems.ts'
import type { Condition, MatchOperator, TextMatch } from './virtual-service-view.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const OPERATORS: readonly MatchOperator[] = ['exact', 'prefix', 'regex']
const WITH_PRESENT: readonly MatchOperator[] = [...OPERATORS, 'present']

/** One condition of a match: what is looked at, how it is compared, and with what. */
export function MatchCondition({
  condition,
  path,
  field: match,
}: {
  condition: Condition
  path: YamlPath
  field: string
}) {
  const { t } = useTranslation('virtual-services')
  const { edit } = useForm()
  const own: YamlPath = 'name' in condition ? [...path, condition.field, condition.name] : [...path, condition.field]
  const field = `${match}.${fieldOfCondition(condition)}`
  const label = t(`matches.fields.${condition.field}`)
  return (
    <div className="md-form-condition">
      <span className="md-form-what">{label}</span>
      {'name' in condition && (
        <NameField
          label={t('matches.name', { field: label })}
          value={condition.name}
          onCommit={(name) => edit((document) => renameAt(document, [...path, condition.field], condition.name, name))}
        />
      )}
      {'operator' in condition && <TextCondition condition={condition} own={own} field={field} label={label} />}
      {condition.field === 'sourceLabels' && (
        <TextField
          label={t('matches.value', { field: label })}
          labelHidden
          field={field}
          value={condition.value}
          onChange={(text) => edit((document) => setAt(document, own, text))}
        />
      )}
      {condition.field === 'sourceNamespace' && (
        <TextField
          label={label}
          labelHidden
          field={field}
          value={condition.value}
          onChange={(text) => edit((document) => setAt(document, own, text))}
        />
      )}
      {condition.field === 'port' && (
        <NumberField
          label={label}
          labelHidden
          field={field}
          value={condition.value}
          min={1}
          onChange={(next) => edit((document) => setAt(document, own, next ?? 0))}
        />
      )}
      {condition.field === 'gateways' && (
        <GatewaySelect
          label={label}
          labelHidden
          field={field}
          value={condition.values}
          onChange={(next) => edit((document) => setAt(document, own, next))}
        />
      )}
      <Button
        className="md-form-remove"
        type="text"
        size="small"
        icon={<DeleteOutlined aria-hidden />}
        aria-label={t('matches.removeCondition', { field: label })}
        title={t('matches.removeCondition', { field: label })}
        onClick={() => edit((document) => removeAt(document, own, path.length))}
      />
    </div>
  )
}

interface TextConditionProps {
  condition: Extract<Condition, TextMatch>
  own: YamlPath
  field: string
  label: string
}

function TextCondition({ condition, own, field, label }: TextConditionProps) {
  const { t } = useTranslation('virtual-services')
  const { edit } = useForm()
  const { operator, value } = condition
  const operators = 'name' in condition ? WITH_PRESENT : OPERATORS
  const handleOperator = (next: MatchOperator) =>
    edit((document) => {
      // One of them at a time: two would be refused.
      if (operator !== 'present') document.deleteIn([...own, operator])
      if (next === 'present') setAt(document, own, {})
      else setAt(document, [...own, next], value)
    })
  return (
    <>
      <Select<MatchOperator>
        className="md-form-operator"
        aria-label={t('matches.operator', { field: label })}
        value={operator}
        options={operators.map((each) => ({ value: each, label: t(`matches.operators.${each}`) }))}
        onChange={handleOperator}
      />
      {operator !== 'present' && (
        <TextField
          label={t('matches.value', { field: label })}
          labelHidden
          field={field}
          value={value}
          mono
          options={condition.field === 'method' ? METHODS : undefined}
          onChange={(text) => edit((document) => setAt(document, [...own, operator], text))}
        />
      )}
    </>
  )
}

/** A name is a key of the document: it is set when the field is left, so that half a name never meets another entry. */
function NameField({ label, value, onCommit }: { label: string; value: string; onCommit: (name: string) => void }) {
  const { t } = useTranslation('virtual-services')
  const [draft, setDraft] = useState<string>()
  const handleCommit = () => {
    if (draft !== undefined && draft !== value) onCommit(draft.trim())
    setDraft(undefined)
  }
  return (
    <Input
      className="md-form-name md-form-mono"
      aria-label={label}
      value={draft ?? value}
      placeholder={t('matches.namePlaceholder')}
      status={value === '' && draft === undefined ? 'error' : ''}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={handleCommit}
      onPressEnter={handleCommit}
    />
  )
}
