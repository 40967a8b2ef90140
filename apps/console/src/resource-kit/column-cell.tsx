import { isRecord, readPath, type ColumnDefinition, type KubeResource } from '@meshdeck/kube'
import Tag from 'antd/es/tag'
import Tooltip from 'antd/es/tooltip'

const SHOWN = 3

/** Texts of a column of the registry. */
export function columnTexts({ path, type }: ColumnDefinition, resource: KubeResource): string[] {
  const value = readPath(resource, path)
  if (value === undefined || value === null) return []
  if (type === 'map') return isRecord(value) ? Object.entries(value).map(([key, item]) => `${key}=${String(item)}`) : []
  const items: unknown[] = Array.isArray(value) ? value : [value]
  if (type === 'names') return items.map((item) => String(isRecord(item) ? (item['name'] ?? '') : item))
  return items.map((item) => (typeof item === 'object' ? JSON.stringify(item) : String(item)))
}

/** The value of a registry column in a row. */
export function ColumnCell({ column, resource }: { column: ColumnDefinition; resource: KubeResource }) {
  const texts = columnTexts(column, resource)
  if (texts.length === 0) return '–'
  return column.type === 'text' ? texts.join(', ') : <TagList texts={texts} />
}

/** A few tags, and the rest behind a number. */
export function TagList({ texts }: { texts: readonly string[] }) {
  const rest = texts.slice(SHOWN)
  return (
    <span className="md-tags">
      {texts.slice(0, SHOWN).map((text) => (
        <Tag key={text} title={text}>
          {text}
        </Tag>
      ))}
      {rest.length > 0 && (
        <Tooltip title={rest.join(', ')}>
          <Tag tabIndex={0}>+{rest.length}</Tag>
        </Tooltip>
      )}
    </span>
  )
}
