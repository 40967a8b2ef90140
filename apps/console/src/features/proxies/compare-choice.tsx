import type { ProxyRef } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { proxyQueries } from './queries.ts'

/** `cluster/namespace/pod` as it stands in an address; undefined for what is none. */
export function parseProxyRef(text: string): ProxyRef | undefined {
  const [cluster = '', namespace = '', pod = '', ...rest] = text.split('/')
  return cluster === '' || namespace === '' || pod === '' || rest.length > 0 ? undefined : { cluster, namespace, pod }
}

const printProxyRef = ({ cluster, namespace, pod }: ProxyRef): string => `${cluster}/${namespace}/${pod}`

export interface CompareChoiceProps {
  proxy: ProxyRef
  /** Only what is of the same sort can be compared. */
  isZtunnel: boolean
  /** As in the address; empty for none. */
  value: string
  onChange: (value: string) => void
}

/** Chooses the proxy to compare with; those of the same workload stand in front, where differences surprise most. */
export function CompareChoice({ proxy, isZtunnel, value, onChange }: CompareChoiceProps) {
  const { t } = useTranslation('proxies')
  const { mesh } = useMeshScope()
  const id = useId()
  const query = useQuery(proxyQueries.choice(mesh))
  const all = query.data?.items ?? []
  const own = printProxyRef(proxy)
  const workload = all.find((each) => printProxyRef(each) === own)?.workload?.name
  const others = all.filter((each) => printProxyRef(each) !== own && (each.type === 'ztunnel') === isZtunnel)
  const isSame = (each: (typeof others)[number]): boolean =>
    each.namespace === proxy.namespace && workload !== undefined && each.workload?.name === workload
  const names = [...others.filter(isSame), ...others.filter((each) => !isSame(each))].map(printProxyRef)
  const options = value === '' || names.includes(value) ? names : [value, ...names]
  return (
    <div className="md-links md-proxy-fields">
      <label htmlFor={id}>{t('compare.label')}</label>
      <Select
        id={id}
        showSearch
        allowClear
        style={{ minWidth: 420 }}
        placeholder={t('compare.none')}
        aria-label={t('compare.label')}
        loading={query.isPending}
        value={value === '' ? undefined : value}
        options={options.map((name) => ({ value: name, label: name }))}
        onChange={(next?: string) => onChange(next ?? '')}
      />
    </div>
  )
}
