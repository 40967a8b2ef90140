import { useQuery } from '@tanstack/react-query'
import AutoComplete from 'antd/es/auto-complete'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { AskField } from './ask-field.tsx'
import { METHODS, PROTOCOLS, SOURCES, type ExplainSearch } from './explain-search.ts'
import { explainQueries } from './queries.ts'
import { toRequest, type AskedField } from './to-request.ts'

export interface ExplainFormProps {
  value: ExplainSearch
  onAsk: (search: ExplainSearch) => void
}

/** The question. It is asked when it is sent, not while it is typed. */
export function ExplainForm({ value, onAsk }: ExplainFormProps) {
  const { t } = useTranslation('explain')
  const { mesh } = useMeshScope()
  const [draft, setDraft] = useState(value)
  const [problems, setProblems] = useState<ReadonlySet<AskedField>>(new Set())
  const services = useQuery(explainQueries.services(mesh, draft.host.split('.')[0] ?? ''))
  const isHttp = draft.protocol === 'http' || draft.protocol === 'https'
  const isEdge = draft.from === 'gateway'
  const set = (change: Partial<ExplainSearch>): void => setDraft((before) => ({ ...before, ...change }))
  const problem = (field: AskedField): AskedField | undefined => (problems.has(field) ? field : undefined)
  const known = services.data?.find(({ host }) => host === draft.host)

  const handleSubmit = (event: FormEvent): void => {
    event.preventDefault()
    const found = toRequest(draft).problems
    setProblems(found)
    if (found.size === 0) onAsk(draft)
  }
  /** A service of one port leaves nothing to choose. */
  const handleHost = (host: string): void => {
    const [port, ...more] = services.data?.find((each) => each.host === host)?.ports ?? []
    set({ host, ...(port !== undefined && more.length === 0 && !isEdge ? { port: String(port) } : {}) })
  }

  return (
    <form className="md-card md-explain-form" onSubmit={handleSubmit} aria-label={t('form.request')} noValidate>
      <AskField label={t('form.from')}>
        {(control) => (
          <Select
            {...control}
            value={draft.from}
            options={SOURCES.map((from) => ({ value: from, label: t(`form.fromOptions.${from}`) }))}
            onChange={(from) => set({ from, source: '' })}
          />
        )}
      </AskField>
      {draft.from === 'workload' && (
        <WorkloadField value={draft.source} problem={problem('source')} onChange={(source) => set({ source })} />
      )}
      {isEdge && (
        <GatewayField value={draft.source} problem={problem('source')} onChange={(source) => set({ source })} />
      )}
      <AskField label={t('form.protocol')} className="md-explain-narrow">
        {(control) => (
          <Select
            {...control}
            value={draft.protocol}
            options={PROTOCOLS.map((protocol) => ({ value: protocol, label: t(`form.protocols.${protocol}`) }))}
            onChange={(protocol) => set({ protocol })}
          />
        )}
      </AskField>
      <AskField label={t('form.host')} help={t('form.hostHelp')} problem={problem('host')}>
        {(control) => (
          <AutoComplete
            {...control}
            value={draft.host}
            options={isEdge ? [] : (services.data ?? []).map(({ host }) => ({ value: host }))}
            onChange={handleHost}
          />
        )}
      </AskField>
      <AskField label={t('form.port')} problem={problem('port')} className="md-explain-narrow">
        {(control) => (
          <AutoComplete
            {...control}
            value={draft.port}
            options={isEdge ? [] : (known?.ports ?? []).map((port) => ({ value: String(port) }))}
            onChange={(port: string) => set({ port })}
          />
        )}
      </AskField>
      {isHttp && (
        <>
          <AskField label={t('form.method')} className="md-explain-narrow">
            {(control) => (
              <Select
                {...control}
                value={draft.method}
                options={METHODS.map((method) => ({ value: method, label: method }))}
                onChange={(method) => set({ method })}
              />
            )}
          </AskField>
          <AskField label={t('form.path')} help={t('form.pathHelp')} problem={problem('path')}>
            {(control) => (
              <Input {...control} value={draft.path} onChange={({ target }) => set({ path: target.value })} />
            )}
          </AskField>
        </>
      )}
      <details
        className="md-explain-more"
        open={`${value.headers}${value.claims}${value.ip}` !== '' || problems.has('headers') || problems.has('claims')}
      >
        <summary>{t('form.more')}</summary>
        <div>
          {isHttp && (
            <>
              <AskField label={t('form.headers')} help={t('form.headersHelp')} problem={problem('headers')}>
                {(control) => (
                  <Input.TextArea
                    {...control}
                    rows={3}
                    value={draft.headers}
                    onChange={({ target }) => set({ headers: target.value })}
                  />
                )}
              </AskField>
              <AskField label={t('form.claims')} help={t('form.claimsHelp')} problem={problem('claims')}>
                {(control) => (
                  <Input.TextArea
                    {...control}
                    rows={3}
                    value={draft.claims}
                    onChange={({ target }) => set({ claims: target.value })}
                  />
                )}
              </AskField>
            </>
          )}
          <AskField label={t('form.ip')}>
            {(control) => <Input {...control} value={draft.ip} onChange={({ target }) => set({ ip: target.value })} />}
          </AskField>
        </div>
      </details>
      <div className="md-explain-send">
        <Button type="primary" htmlType="submit">
          {t('form.submit')}
        </Button>
      </div>
    </form>
  )
}

interface SourceFieldProps {
  value: string
  problem: AskedField | undefined
  onChange: (source: string) => void
}

function WorkloadField({ value, problem, onChange }: SourceFieldProps) {
  const { t } = useTranslation('explain')
  const { mesh } = useMeshScope()
  const query = useQuery(explainQueries.workloads(mesh, value.split('/').at(-1) ?? ''))
  return (
    <AskField label={t('form.workload')} help={t('form.workloadHelp')} problem={problem}>
      {(control) => (
        <AutoComplete
          {...control}
          value={value}
          options={(query.data ?? []).map((name) => ({ value: name }))}
          onChange={onChange}
        />
      )}
    </AskField>
  )
}

function GatewayField({ value, problem, onChange }: SourceFieldProps) {
  const { t } = useTranslation('explain')
  const { mesh } = useMeshScope()
  const query = useQuery(explainQueries.gateways(mesh))
  return (
    <AskField label={t('form.gateway')} problem={problem}>
      {(control) => (
        <Select
          {...control}
          showSearch
          loading={query.isPending}
          value={value === '' ? null : value}
          options={(query.data ?? []).map((name) => ({ value: name, label: name.replace(/^K8s/, 'Gateway API: ') }))}
          onChange={onChange}
        />
      )}
    </AskField>
  )
}
