import type { ClusterView } from '@meshdeck/contract'
import { releasesFor } from '@meshdeck/mesh'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { hostsOf, type Host } from './dedicated-draft.ts'
import type { StepProps } from './dedicated-step.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

export interface DedicatedBasicsProps extends StepProps {
  clusters: readonly ClusterView[]
}

/** Name, cluster, version of Istio. */
export function DedicatedBasics({ draft, change, problems, clusters }: DedicatedBasicsProps) {
  const { t } = useTranslation(['meshes', 'fleet'])
  const id = useId()
  const releases = releasesFor(clusters.find(({ name }) => name === draft.cluster)?.version)
  const handlePick = ({ cluster }: Host) => {
    const fitting = releasesFor(cluster.version)
    const version = (fitting.find(({ recommended }) => recommended) ?? fitting[0])?.version ?? ''
    change({ cluster: cluster.name, version })
  }
  return (
    <>
      <WizardSection title={t('wizard.steps.basics')}>
        <WizardField
          id={`${id}-name`}
          label={t('glossary:name')}
          help={t('fleet:meshes.create.nameRule')}
          problem={problems.name}
        >
          <Input
            id={`${id}-name`}
            value={draft.name}
            maxLength={63}
            autoComplete="off"
            aria-describedby={`${id}-name-help`}
            aria-invalid={problems.name !== undefined}
            onChange={({ target }) => change({ name: target.value })}
          />
        </WizardField>
        <WizardField id={`${id}-display`} label={t('fleet:displayName')}>
          <Input
            id={`${id}-display`}
            value={draft.displayName}
            maxLength={60}
            autoComplete="off"
            onChange={({ target }) => change({ displayName: target.value })}
          />
        </WizardField>
      </WizardSection>
      <section className="md-card">
        <header>
          <h2>{t('wizard.cluster')}</h2>
          <span className="md-muted">{t('wizard.clusterHelp')}</span>
        </header>
        <div className="md-card-body md-stack">
          {problems.cluster && (
            <p role="alert" className="md-fault">
              {t(`wizard.problems.${problems.cluster}`)}
            </p>
          )}
          <fieldset className="md-choices">
            <legend className="md-visually-hidden">{t('wizard.cluster')}</legend>
            {hostsOf(clusters).map((host) => (
              <label key={host.cluster.name} className="md-choice">
                <input
                  type="radio"
                  name={`${id}-cluster`}
                  checked={draft.cluster === host.cluster.name}
                  disabled={host.obstacle !== undefined}
                  onChange={() => handlePick(host)}
                />
                <strong>
                  {host.cluster.name}
                  {host.cluster.displayName && ` · ${host.cluster.displayName}`}
                </strong>
                <span>{host.cluster.version && `Kubernetes ${host.cluster.version}`}</span>
                <span className="md-muted">
                  {host.obstacle === undefined
                    ? t('wizard.canHost')
                    : t(`wizard.obstacles.${host.obstacle}`, { meshes: host.cluster.meshes.join(', ') })}
                </span>
              </label>
            ))}
          </fieldset>
        </div>
      </section>
      <WizardSection title="Istio">
        <WizardField
          id={`${id}-version`}
          label={t('wizard.version')}
          help={t('wizard.versionHelp')}
          problem={problems.version}
        >
          <Select
            id={`${id}-version`}
            disabled={draft.cluster === ''}
            {...(draft.version === '' ? {} : { value: draft.version })}
            options={releases.map(({ version, recommended }) => ({
              value: version,
              label: recommended ? `${version} · ${t('wizard.recommended')}` : version,
            }))}
            onChange={(version: string) => change({ version })}
          />
        </WizardField>
        <WizardField id={`${id}-hub`} label={t('wizard.hub')} help={t('wizard.hubHelp')}>
          <Input
            id={`${id}-hub`}
            value={draft.hub}
            placeholder="docker.io/istio"
            autoComplete="off"
            onChange={({ target }) => change({ hub: target.value })}
          />
        </WizardField>
        <div className="md-head-wide md-stack">
          <Checkbox checked={draft.ambient} onChange={({ target }) => change({ ambient: target.checked })}>
            {t('wizard.ambient')} <span className="md-muted">{t('wizard.ambientHelp')}</span>
          </Checkbox>
          <Checkbox checked={draft.protect} onChange={({ target }) => change({ protect: target.checked })}>
            {t('fleet:meshes.create.protect')} <span className="md-muted">{t('fleet:meshes.create.protectHelp')}</span>
          </Checkbox>
        </div>
      </WizardSection>
    </>
  )
}
