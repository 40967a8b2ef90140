import type { ClusterView } from '@meshdeck/contract'
import type { Mesh, MeshMember } from '@meshdeck/kube'
import { releasesFor } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { enginesOf, hostsOf, type Host } from '../../resource-kit/mesh-hosts.ts'
import { PreflightPanel } from '../../resource-kit/preflight/preflight-panel.tsx'
import { usePreflight } from '../../resource-kit/preflight/preflight-query.ts'
import { memberQueries, useSetMembers } from './members-queries.ts'

export interface JoinMembersDialogProps {
  mesh: string
  clusters: readonly ClusterView[]
  onClose: () => void
}

/** Takes further clusters into a managed mesh; those that cannot come say why. */
export function JoinMembersDialog({ mesh, clusters, onClose }: JoinMembersDialogProps) {
  const { t } = useTranslation(['clusters', 'meshes', 'preflight'])
  const query = useQuery(memberQueries.mesh(mesh))
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const set = useSetMembers(mesh)
  const describe = useProblemText()
  const failure = set.error && describe(set.error)
  const joining = [...chosen].map(([cluster, network]) => ({
    cluster,
    ...(network.trim() === '' ? {} : { network: network.trim() }),
  }))
  const preflight = usePreflight(
    withMembers(query.data as Mesh | undefined, joining),
    joining.map(({ cluster }) => cluster),
  )
  const handleJoin = () =>
    set.mutate((members) => [...members.filter(({ cluster }) => !chosen.has(cluster)), ...joining], {
      onSuccess: onClose,
    })
  const choose = (cluster: string, network: string | undefined) => {
    const next = new Map(chosen)
    if (network === undefined) next.delete(cluster)
    else next.set(cluster, network)
    setChosen(next)
  }
  return (
    <Modal
      open
      width={680}
      title={t('join.title', { mesh })}
      mask={{ closable: false }}
      okText={t('join.ok', { count: joining.length })}
      okButtonProps={{ disabled: joining.length === 0 || preflight.blocks, loading: set.isPending }}
      onOk={handleJoin}
      onCancel={() => !set.isPending && onClose()}
    >
      <div className="md-stack">
        <p>{t('join.what')}</p>
        <QueryView query={query}>
          {(record) => {
            const hosts = candidatesOf(record as Mesh, clusters)
            return hosts.length === 0 ? (
              <EmptyState title={t('join.none')} />
            ) : (
              hosts.map((host) => (
                <Candidate
                  key={host.cluster.name}
                  host={host}
                  network={chosen.get(host.cluster.name)}
                  onChoose={choose}
                />
              ))
            )
          }}
        </QueryView>
        {joining.length > 0 && <PreflightPanel preflight={preflight} title={t('preflight:join.title')} />}
        {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
        {joining.length > 0 && (
          <CommandBox
            command={`kubectl patch mesh.meshdeck.io ${mesh} --type=json -p '${JSON.stringify(
              joining.map((value) => ({ op: 'add', path: '/spec/members/-', value })),
            )}'`}
          />
        )}
      </div>
    </Modal>
  )
}

/** The mesh as it would be with those that join; nothing while none does. */
function withMembers(mesh: Mesh | undefined, joining: readonly MeshMember[]): Mesh | undefined {
  if (mesh === undefined || joining.length === 0) return undefined
  return { ...mesh, spec: { ...mesh.spec, members: [...(mesh.spec.members ?? []), ...joining] } }
}

interface CandidateProps {
  host: Candidate
  network: string | undefined
  onChoose: (cluster: string, network: string | undefined) => void
}

interface Candidate {
  cluster: ClusterView
  obstacle: Host['obstacle'] | 'otherEngine' | undefined
}

/** Clusters outside of the mesh, each with what would keep it from coming in. */
function candidatesOf({ spec }: Mesh, clusters: readonly ClusterView[]): Candidate[] {
  const inside = new Set([spec.controlPlane.cluster, ...(spec.members ?? []).map(({ cluster }) => cluster)])
  const version = spec.controlPlane.version?.replace(/^v/, '')
  return hostsOf(clusters.filter(({ name }) => !inside.has(name))).map(({ cluster, obstacle }) => {
    const runs = version === undefined || releasesFor(cluster.version).some((release) => release.version === version)
    const hasEngine = enginesOf(cluster).includes(spec.engine ?? 'Sail')
    return { cluster, obstacle: obstacle ?? (hasEngine ? (runs ? undefined : 'tooOld') : 'otherEngine') }
  })
}

function Candidate({ host: { cluster, obstacle }, network, onChoose }: CandidateProps) {
  const { t } = useTranslation(['clusters', 'meshes'])
  const id = useId()
  return (
    <div className="md-stack">
      <Checkbox
        checked={network !== undefined}
        disabled={obstacle !== undefined}
        onChange={({ target }) => onChoose(cluster.name, target.checked ? (cluster.network ?? '') : undefined)}
      >
        {cluster.name}{' '}
        <span className="md-muted">
          {obstacle === undefined
            ? cluster.version && `Kubernetes ${cluster.version}`
            : obstacle === 'otherEngine'
              ? t('join.otherEngine')
              : t(`meshes:wizard.obstacles.${obstacle}`, { meshes: cluster.meshes.join(', ') })}
        </span>
      </Checkbox>
      {network !== undefined && (
        <div className="md-head-field">
          <label htmlFor={id}>{t('meshes:wizard.networkOf', { cluster: cluster.name })}</label>
          <Input
            id={id}
            value={network}
            placeholder="default"
            maxLength={63}
            onChange={({ target }) => onChoose(cluster.name, target.value)}
          />
        </div>
      )}
    </div>
  )
}
