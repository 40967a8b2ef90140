import type { SidecarView, WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import Progress from 'antd/es/progress'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'
import { useStyle } from '../../lib/use-style.ts'
import css from '../../resource-kit/resource-kit.css?inline'
import { FailureLines } from './failure-lines.tsx'
import { namespaceQueries } from './queries.ts'

export interface StatusDialogProps {
  workload: WorkloadView
  onClose: () => void
}

/** The sidecars of a workload pod by pod: state, version, and what each uses of what it may use. */
export function StatusDialog({ workload, onClose }: StatusDialogProps) {
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.sidecars(mesh, workload))
  return (
    <Modal
      open
      width={1000}
      title={t('status.title', { name: workload.name, namespace: workload.namespace, cluster: workload.cluster })}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t('common:actions.close')}</Button>}
    >
      <QueryView query={query}>
        {({ items, controlPlane, failures }) => {
          const injected = items.filter(({ state }) => state !== 'not-injected')
          const isMeasured = injected.some(({ usage }) => usage.cpu !== undefined || usage.memory !== undefined)
          return (
            <div className="md-stack">
              <FailureLines failures={failures} />
              {controlPlane && (
                <p>
                  {t('status.controlPlane', { version: controlPlane.version, revision: controlPlane.revision })}{' '}
                  {workload.outdated?.pinned && t('outdated.pinned')}
                </p>
              )}
              {injected.length > 0 && !isMeasured && failures.length === 0 && (
                <p className="md-muted">{t('status.noMetrics')}</p>
              )}
              {items.length === 0 ? (
                <EmptyState title={t('status.noPods')} />
              ) : (
                <Sidecars items={items} workload={workload} />
              )}
            </div>
          )
        }}
      </QueryView>
    </Modal>
  )
}

const TONES: Record<SidecarView['state'], StatusTone> = {
  running: 'success',
  starting: 'info',
  failed: 'error',
  'not-injected': 'unknown',
}

function Sidecars({ items, workload }: { items: readonly SidecarView[]; workload: WorkloadView }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const { cluster, namespace } = workload
  const format = useFormat()
  return (
    <div className="md-table-scroll">
      <table className="md-plain-table">
        <thead>
          <tr>
            {(['pod', 'state', 'version', 'cpu', 'memory', 'restarts'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`status.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.pod}>
              <td>
                {item.state === 'not-injected' ? (
                  item.pod
                ) : (
                  <AppLink place={proxyPlaces.one(mesh, { cluster, namespace, pod: item.pod })}>{item.pod}</AppLink>
                )}
                <div className="md-muted">{item.node ?? t('status.noNode')}</div>
              </td>
              <td>
                <StatusDot tone={TONES[item.state]}>{t(`status.states.${item.state}`)}</StatusDot>
                {item.reason && <div className="md-fault">{item.reason}</div>}
                {item.native && <div className="md-muted">{t('status.native')}</div>}
              </td>
              <td>
                {item.version ?? '–'}
                {item.revision !== undefined && <div className="md-muted">{item.revision}</div>}
                {item.outdated && <StatusDot tone="warning">{t('outdated.mark')}</StatusDot>}
              </td>
              <Amount item={item} what="cpu" />
              <Amount item={item} what="memory" />
              <td>{item.state === 'not-injected' ? '–' : format.number(item.restarts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Where a bar turns to a warning. */
const MUCH = 0.8

/** What is used, its share of the limit, and request and limit themselves. */
function Amount({ item, what }: { item: SidecarView; what: 'cpu' | 'memory' }) {
  const { t } = useTranslation('namespaces')
  const format = useFormat()
  if (item.state === 'not-injected') return <td>–</td>
  const { usage } = item
  const share = what === 'cpu' ? usage.cpuShare : usage.memoryShare
  const used =
    what === 'cpu'
      ? usage.cpu === undefined
        ? undefined
        : t('status.millicores', { value: format.rate(usage.cpu * 1_000) })
      : usage.memory === undefined
        ? undefined
        : format.bytes(usage.memory)
  return (
    <td>
      {used === undefined ? (
        <span className="md-muted">{t('status.notMeasured')}</span>
      ) : share === undefined ? (
        used
      ) : (
        <>
          {t('status.ofLimit', { used, share: format.percent(share) })}
          <Progress
            percent={Math.min(100, share * 100)}
            showInfo={false}
            size="small"
            status={share >= MUCH ? 'exception' : 'normal'}
            aria-label={t(`status.shareOf.${what}`, { pod: item.pod })}
          />
        </>
      )}
      <div className="md-muted">
        {t('status.asked', {
          request: item.requests[what] ?? t('status.unset'),
          limit: item.limits[what] ?? t('status.unset'),
        })}
      </div>
    </td>
  )
}
