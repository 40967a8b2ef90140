import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import StarOutlined from '@ant-design/icons/es/icons/StarOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Popover from 'antd/es/popover'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../../lib/preferences.tsx'
import { parseSearch, printSearch, type SetSearch } from '../../lib/search-params.ts'
import { topologySearch, type TopologySearch } from './topology-search.ts'

export interface SavedViewsProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
}

const PAGE = 'topology'
const MAX_NAME = 60

/** Ways to look at the graph that the reader has given a name: filters and expressions, not the moment. */
export function SavedViews(props: SavedViewsProps) {
  const { t } = useTranslation('topology')
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const handleKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    setOpen(false)
    opener.current?.focus()
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('savedViews.title')}
      open={open}
      onOpenChange={setOpen}
      // It stands at the end of the page, where the Tab key comes last.
      afterOpenChange={(shown) => shown && content.current?.querySelector<HTMLElement>('button, input')?.focus()}
      content={
        <div ref={content} role="presentation" onKeyDown={handleKey}>
          <ViewList {...props} />
        </div>
      }
    >
      <Button ref={opener} icon={<StarOutlined />} aria-label={t('savedViews.title')} title={t('savedViews.title')} />
    </Popover>
  )
}

function ViewList({ search, onSearch }: SavedViewsProps) {
  const { t } = useTranslation('topology')
  const [{ savedViews }, setPreferences] = usePreferences()
  const [name, setName] = useState('')
  const views = savedViews[PAGE] ?? {}
  const keep = (kept: typeof views) => setPreferences({ savedViews: { ...savedViews, [PAGE]: kept } })
  const wanted = name.trim()
  const handleSave = () => {
    const { at: _at, selected: _selected, ...look } = search
    const printed = Object.entries(printSearch(topologySearch, look)).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    keep({ ...views, [wanted]: Object.fromEntries(printed) })
    setName('')
  }
  const names = Object.keys(views).toSorted((a, b) => a.localeCompare(b))
  return (
    <div className="md-topology-views">
      {names.length === 0 && <p className="md-muted">{t('savedViews.none')}</p>}
      <ul>
        {names.map((each) => (
          <li key={each}>
            <button
              type="button"
              className="md-link-button"
              onClick={() => {
                const { at: _at, selected: _selected, ...look } = parseSearch(topologySearch, views[each] ?? {})
                onSearch({ ...look, selected: '' })
              }}
            >
              {each}
            </button>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('savedViews.remove', { name: each })}
              onClick={() => keep(Object.fromEntries(Object.entries(views).filter(([other]) => other !== each)))}
            />
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted !== '') handleSave()
        }}
      >
        <Input
          value={name}
          maxLength={MAX_NAME}
          aria-label={t('savedViews.name')}
          placeholder={t('savedViews.name')}
          onChange={(event) => setName(event.target.value)}
        />
        <Button htmlType="submit" disabled={wanted === ''}>
          {t(Object.hasOwn(views, wanted) ? 'savedViews.replace' : 'savedViews.save')}
        </Button>
      </form>
    </div>
  )
}
