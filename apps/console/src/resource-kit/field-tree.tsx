import { isRecord } from '@meshdeck/kube'
import { TagList } from './column-cell.tsx'

/** Any plain value as a tree of its fields. Branches can be folded. */
export function FieldTree({ value, empty }: { value: unknown; empty: string }) {
  if (!isRecord(value) || Object.keys(value).length === 0) return <p className="md-muted">{empty}</p>
  return <Fields fields={Object.entries(value)} />
}

function Fields({ fields }: { fields: readonly (readonly [name: string, value: unknown])[] }) {
  return (
    <ul className="md-tree">
      {fields.map(([name, value]) => (
        <li key={name}>
          <Field name={name} value={value} />
        </li>
      ))}
    </ul>
  )
}

function Field({ name, value }: { name: string; value: unknown }) {
  const branch = branchOf(value)
  if (branch) {
    return (
      <details open>
        <summary>{name}</summary>
        <Fields fields={branch} />
      </details>
    )
  }
  return (
    <div className="md-tree-leaf">
      <span className="md-tree-name">{name}</span>
      <Leaf value={value} />
    </div>
  )
}

function branchOf(value: unknown): [string, unknown][] | undefined {
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item !== 'object')
    return plain || value.length === 0
      ? undefined
      : value.map((item: unknown, at): [string, unknown] => [`[${at}]`, item])
  }
  return isRecord(value) && Object.keys(value).length > 0 ? Object.entries(value) : undefined
}

function Leaf({ value }: { value: unknown }) {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : <TagList texts={value.map(String)} />
  if (isRecord(value)) return '{}'
  return <span className="md-tree-value">{String(value)}</span>
}
