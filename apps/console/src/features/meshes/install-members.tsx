import type { ClusterView } from '@meshdeck/contract'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { hostsOf, printVersion } from '../../resource-kit/mesh-hosts.ts'
import type { StepProps } from './install-step.ts'

export interface InstallMembersProps extends StepProps {
  clusters: readonly ClusterView[]
}

/** Further clusters of a managed mesh, and the network that each is in. */
export function InstallMembers({ draft, change, problems, clusters }: InstallMembersProps) {
  const { t } = useTranslation('meshes')
  const id = useId()
  const others = hostsOf(clusters).filter(({ cluster }) => cluster.name !== draft.cluster)
  const networkOf = (name: string) => draft.members.find(({ cluster }) => cluster === name)?.network
  const handleToggle = ({ name, network = '' }: ClusterView, joins: boolean) => {
    const rest = draft.members.filter(({ cluster }) => cluster !== name)
    change({ members: joins ? [...rest, { cluster: name, network }] : rest })
  }
  const handleNetwork = (name: string, network: string) =>
    change({ members: draft.members.map((each) => (each.cluster === name ? { ...each, network } : each)) })
  return (
    <section className="md-card">
      <header>
        <h2>{t('wizard.members')}</h2>
        <span className="md-muted">{t('wizard.membersHelp')}</span>
      </header>
      <div className="md-card-body md-stack">
        {[problems.members, problems.network].map(
          (problem) =>
            problem && (
              <p key={problem} role="alert" className="md-fault">
                {t(`wizard.problems.${problem}`)}
              </p>
            ),
        )}
        {draft.cluster !== '' && (
          <NetworkField
            id={`${id}-own`}
            cluster={draft.cluster}
            value={draft.network}
            onChange={(network) => change({ network })}
          />
        )}
        {others.map(({ cluster, obstacle }) => {
          const network = networkOf(cluster.name)
          return (
            <div key={cluster.name} className="md-stack">
              <Checkbox
                checked={network !== undefined}
                disabled={obstacle !== undefined}
                onChange={({ target }) => handleToggle(cluster, target.checked)}
              >
                {cluster.name}{' '}
                <span className="md-muted">
                  {obstacle === undefined
                    ? printVersion(cluster)
                    : t(`wizard.obstacles.${obstacle}`, { meshes: cluster.meshes.join(', ') })}
                </span>
              </Checkbox>
              {network !== undefined && (
                <NetworkField
                  id={`${id}-${cluster.name}`}
                  cluster={cluster.name}
                  value={network}
                  onChange={(next) => handleNetwork(cluster.name, next)}
                />
              )}
            </div>
          )
        })}
      </div>
    </section>
  )
}

interface NetworkFieldProps {
  id: string
  cluster: string
  value: string
  onChange: (value: string) => void
}

function NetworkField({ id, cluster, value, onChange }: NetworkFieldProps) {
  const { t } = useTranslation('meshes')
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{t('wizard.networkOf', { cluster })}</label>
      <Input
        id={id}
        value={value}
        placeholder="default"
        maxLength={63}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  )
}
