import type { LogLevel, ProxyLogLevels, ProxyRef } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Select from 'antd/es/select'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { QueryView } from '../../components/states.tsx'
import { proxyQueries, useSetLogLevel } from './queries.ts'

const ALL = ''
/** Write down so much that a proxy under load is felt to be slower. */
const LOUD: readonly LogLevel[] = ['trace', 'debug']

/** How much each part of a proxy logs, and a form that changes it until the proxy starts again. */
export function LogLevels({ proxy }: { proxy: ProxyRef }) {
  const { t } = useTranslation('proxies')
  const query = useQuery(proxyQueries.logLevels(proxy))
  return (
    <QueryView query={query}>
      {(now) => (
        <div className="md-stack">
          <LevelForm proxy={proxy} now={now} />
          <section className="md-card">
            <table className="md-plain-table" aria-label={t('logLevel.now')}>
              <thead>
                <tr>
                  <th scope="col">{t('logLevel.logger')}</th>
                  <th scope="col">{t('logLevel.level')}</th>
                </tr>
              </thead>
              <tbody>
                {now.loggers.map(({ name, level }) => (
                  <tr key={name}>
                    <td>
                      <code>{name}</code>
                    </td>
                    <td>{level}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </QueryView>
  )
}

function LevelForm({ proxy, now }: { proxy: ProxyRef; now: ProxyLogLevels }) {
  const { t } = useTranslation('proxies')
  const [logger, setLogger] = useState(ALL)
  const [level, setLevel] = useState<LogLevel>()
  const loggerId = useId()
  const levelId = useId()
  const set = useSetLogLevel(proxy)
  const problemText = useProblemText()
  const choose = (change: () => void): void => {
    set.reset()
    change()
  }
  const argument = logger === ALL ? level : `${logger}:${level ?? ''}`
  return (
    <section className="md-card md-card-body" aria-label={t('logLevel.change')}>
      <div className="md-stack">
        <div className="md-links md-proxy-fields">
          {now.perLogger && (
            <>
              <label htmlFor={loggerId}>{t('logLevel.logger')}</label>
              <Select
                id={loggerId}
                showSearch
                style={{ minWidth: 220 }}
                aria-label={t('logLevel.logger')}
                value={logger}
                options={[
                  { value: ALL, label: t('logLevel.all') },
                  ...now.loggers.map(({ name }) => ({ value: name, label: name })),
                ]}
                onChange={(next) => choose(() => setLogger(next))}
              />
            </>
          )}
          <label htmlFor={levelId}>{t('logLevel.level')}</label>
          <Select<LogLevel>
            id={levelId}
            style={{ minWidth: 140 }}
            aria-label={t('logLevel.level')}
            placeholder={t('logLevel.choose')}
            {...(level === undefined ? {} : { value: level })}
            options={now.levels.map((value) => ({ value, label: value }))}
            onChange={(next) => choose(() => setLevel(next))}
          />
          <Button
            type="primary"
            disabled={level === undefined}
            loading={set.isPending}
            onClick={() => level && set.mutate({ level, ...(logger === ALL ? {} : { logger }) })}
          >
            {t('logLevel.set')}
          </Button>
        </div>
        <ul>
          <li>{t('logLevel.onlyThis', { pod: proxy.pod })}</li>
          <li>{t('logLevel.notKept')}</li>
          {!now.perLogger && <li>{t('logLevel.ownLevels')}</li>}
          {level !== undefined && LOUD.includes(level) && (
            <li>{t(now.perLogger ? 'logLevel.loud' : 'logLevel.loudConnections')}</li>
          )}
        </ul>
        {set.isError && <FailureAlert failure={problemText(set.error)} />}
        {set.isSuccess && <p role="status">{t('logLevel.done')}</p>}
        <CommandBox
          command={`istioctl --context ${proxy.cluster} ${now.perLogger ? 'proxy' : 'ztunnel'}-config log ${proxy.pod}.${proxy.namespace} --level ${argument ?? 'LEVEL'}`}
        />
      </div>
    </section>
  )
}
