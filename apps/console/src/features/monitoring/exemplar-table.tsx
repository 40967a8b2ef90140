import CheckOutlined from '@ant-design/icons/es/icons/CheckOutlined'
import CopyOutlined from '@ant-design/icons/es/icons/CopyOutlined'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { useCopy } from '../../components/use-copy.ts'
import { useFormat } from '../../lib/format.ts'
import type { NamedExemplar, PanelExemplarsShown } from './use-exemplars.ts'

export interface ExemplarTableProps {
  /** Of the panel. */
  title: string
  shown: PanelExemplarsShown
  print: (value: number) => string
  /** Address of a trace; undefined where nobody has said where traces are. */
  traceLink: (traceId: string) => string | undefined
}

/** The traced requests that a panel's chart shows as points, with the way to each trace. */
export function ExemplarTable({ title, shown: { query, exemplars }, print, traceLink }: ExemplarTableProps) {
  const { t } = useTranslation('exemplars')
  const { number } = useFormat()
  const problemText = useProblemText()
  const { data, error } = query
  if (data === undefined)
    return error === null ? (
      <p className="md-muted" role="status">
        {t('loading')}
      </p>
    ) : (
      <p className="md-fault" role="alert">
        {t('failed', { why: problemText(error).title })}
      </p>
    )
  return (
    <>
      {exemplars.length === 0 ? (
        <p className="md-muted">{t('none')}</p>
      ) : (
        <details>
          <summary>{t('shown', { count: exemplars.length })}</summary>
          <Rows title={title} exemplars={exemplars} print={print} traceLink={traceLink} />
        </details>
      )}
      {data.total > exemplars.length && (
        <p className="md-muted">{t('capped', { shown: exemplars.length, total: number(data.total) })}</p>
      )}
      {data.hidden > 0 && <p className="md-muted">{t('hidden', { count: data.hidden })}</p>}
      {data.failures.map(({ cluster, problem }) => (
        <p key={cluster} className="md-fault" role="alert">
          {cluster}: {problemText(asError(problem)).title}
        </p>
      ))}
    </>
  )
}

function Rows({
  title,
  exemplars,
  print,
  traceLink,
}: Pick<ExemplarTableProps, 'title' | 'print' | 'traceLink'> & { exemplars: readonly NamedExemplar[] }) {
  const { t } = useTranslation('exemplars')
  const { dateTime } = useFormat()
  const valued = exemplars.some(({ value }) => value !== undefined)
  return (
    <div className="md-panel-lines md-panel-exemplars" role="region" aria-label={t('table', { title })}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('columns.trace')}</th>
            <th scope="col">{t('columns.series')}</th>
            <th scope="col">{t('columns.time')}</th>
            {valued && <th scope="col">{t('columns.value')}</th>}
          </tr>
        </thead>
        <tbody>
          {exemplars.map(({ at, value, traceId, name }) => (
            <tr key={`${traceId} ${name}`}>
              <th scope="row">
                <TraceId id={traceId} link={traceLink(traceId)} />
              </th>
              <td>{name}</td>
              <td>{dateTime(at * 1000)}</td>
              {valued && <td>{value === undefined ? '–' : print(value)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The way to a trace, or its id to be taken along. */
function TraceId({ id, link }: { id: string; link: string | undefined }) {
  const { t } = useTranslation('exemplars')
  const { shown, done, copy } = useCopy<HTMLElement>(id)
  if (link !== undefined)
    return (
      <a href={link} target="_blank" rel="noreferrer" aria-label={t('open', { id })}>
        <code>{id}</code>
      </a>
    )
  return (
    <>
      <code ref={shown}>{id}</code>{' '}
      <Button
        type="text"
        size="small"
        icon={done ? <CheckOutlined /> : <CopyOutlined />}
        aria-label={t(done ? 'copied' : 'copy', { id })}
        onClick={() => void copy()}
      />
    </>
  )
}
