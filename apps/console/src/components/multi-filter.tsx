import Select from 'antd/es/select'

export interface MultiFilterProps {
  /** What is chosen among, for screen readers: `Cluster`. */
  label: string
  /** Shown while nothing is chosen, which means all: `All clusters`. */
  all: string
  value: readonly string[]
  options: readonly { value: string; label: string }[]
  loading?: boolean
  onChange: (value: string[]) => void
}

/** Narrows a list to some of several values; none chosen stands for all. */
export function MultiFilter({ label, all, value, options, loading = false, onChange }: MultiFilterProps) {
  return (
    <Select
      mode="multiple"
      className="md-filter"
      value={[...value]}
      options={[...options]}
      placeholder={all}
      aria-label={label}
      loading={loading}
      maxTagCount="responsive"
      allowClear
      onChange={onChange}
    />
  )
}

/** Names that stand for themselves. */
export const asOptions = (names: readonly string[]): { value: string; label: string }[] =>
  names.map((name) => ({ value: name, label: name }))
