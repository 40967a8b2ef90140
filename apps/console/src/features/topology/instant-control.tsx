import HistoryOutlined from '@ant-design/icons/es/icons/HistoryOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Popover from 'antd/es/popover'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { fromLocalInput, toLocalInput } from '../../lib/local-time.ts'

export interface InstantControlProps {
  /** The instant that the numbers on the page belong to, in unix seconds; undefined before the first answer. */
  shown: number | undefined
  /** The instant that is asked for; 0 follows the present. */
  at: number
  stale: boolean
  onChange: (at: number) => void
}

const STEP_SECONDS = 300

/** Which instant the numbers belong to; pins it, so that a link shows the same numbers to somebody else. */
export function InstantControl(props: InstantControlProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const { shown, at, stale } = props
  const state = at !== 0 ? 'pinned' : stale ? 'stale' : 'live'
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      destroyOnHidden
      title={t('instant.title')}
      content={<InstantForm key={at} {...props} />}
    >
      <Button icon={<HistoryOutlined />} title={t('instant.button')}>
        <span className="md-visually-hidden">{t('instant.button')}: </span>
        {shown === undefined ? (
          t('instant.waiting')
        ) : (
          <time dateTime={new Date(shown * 1000).toISOString()}>{format.dateTime(shown * 1000)}</time>
        )}
        <StatusDot tone={state === 'live' ? 'success' : state === 'pinned' ? 'info' : 'warning'}>
          {t(`instant.${state}`)}
        </StatusDot>
      </Button>
    </Popover>
  )
}

function InstantForm({ shown, at, onChange }: InstantControlProps) {
  const { t } = useTranslation('topology')
  const present = at || shown
  const [draft, setDraft] = useState(present === undefined ? '' : toLocalInput(present))
  const wanted = fromLocalInput(draft)
  return (
    <form
      className="md-topology-instant"
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted !== undefined) onChange(wanted)
      }}
    >
      <p>{t('instant.hint')}</p>
      <Input
        type="datetime-local"
        step={1}
        value={draft}
        aria-label={t('instant.input')}
        onChange={(event) => setDraft(event.target.value)}
      />
      <span className="md-topology-buttons">
        <Button type="primary" htmlType="submit" disabled={wanted === undefined}>
          {t('instant.pin')}
        </Button>
        {present !== undefined && (
          <>
            <Button onClick={() => onChange(present - STEP_SECONDS)}>{t('instant.earlier')}</Button>
            {at !== 0 && <Button onClick={() => onChange(at + STEP_SECONDS)}>{t('instant.later')}</Button>}
          </>
        )}
        {at !== 0 && <Button onClick={() => onChange(0)}>{t('instant.follow')}</Button>}
      </span>
    </form>
  )
}
