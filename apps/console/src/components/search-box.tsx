import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import { useEffect, useEffectEvent, useState } from 'react'
import { TextField } from './text-field.tsx'

const QUIET_MS = 300

export interface SearchBoxProps {
  value: string
  placeholder: string
  /** Id of what says that the text is wrong, and why. */
  errorId?: string | undefined
  /** Called when typing has paused. */
  onChange: (text: string) => void
}

/** A search field whose text follows the address, save while somebody types. */
export function SearchBox({ value, placeholder, errorId, onChange }: SearchBoxProps) {
  const [draft, setDraft] = useState<string>()
  const [seen, setSeen] = useState(value)
  if (value !== seen) {
    setSeen(value)
    if (value === draft) setDraft(undefined)
  }
  const commit = useEffectEvent((text: string) => onChange(text))
  useEffect(() => {
    if (draft === undefined) return
    const timer = setTimeout(() => commit(draft), QUIET_MS)
    return () => clearTimeout(timer)
  }, [draft])
  return (
    <TextField
      type="search"
      className="md-search"
      icon={<SearchOutlined />}
      value={draft ?? value}
      placeholder={placeholder}
      aria-label={placeholder}
      aria-invalid={errorId !== undefined}
      aria-describedby={errorId}
      onText={(text) => setDraft(text === value ? undefined : text)}
      onBlur={() => draft === value && setDraft(undefined)}
    />
  )
}
