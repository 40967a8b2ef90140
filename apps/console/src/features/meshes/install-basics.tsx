import type { ClusterView } from '@meshdeck/contract'
import { PLATFORMS, type Platform } from '@meshdeck/kube'
import { releasesFor } from '@meshdeck/mesh'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { enginesOf, hostsOf, printVersion, type Host } from '../../resource-kit/mesh-hosts.ts'
import { InstallMembers } from './install-members.tsx'
import type { StepProps } from './install-step.ts'
import { WizardField, WizardSection } from './wizard-field.tsx'

export interface InstallBasicsProps extends StepProps {
  clusters: readonly ClusterView[]
}

/** Name, cluster, version of Istio. */
export function InstallBasics({ draft, change, problems, clusters }: InstallBasicsProps) {
  const { t } = useTranslation(['meshes', 'fleet', 'mesh-wizard'])
  const id = useId()
  const releases = releasesFor(clusters.find(({ name }) => name === draft.cluster)?.version)
  const handlePick = ({ cluster }: Host) => {
    const fitting = releasesFor(cluster.version)
    const version = (fitting.find(({ recommended }) => recommended) ?? fitting[0])?.version ?? ''
    const members = draft.members.filter((member) => member.cluster !== cluster.name)
    const engine = enginesOf(cluster)[0] ?? 'Sail'
    change({
      cluster: cluster.name,
      version,
      members,
      engine,
      network: cluster.network ?? '',
      platform: cluster.platform ?? '',
    })
  }
  const chosen = clusters.find(({ name }) => name === draft.cluster)
  const engines = chosen === undefined ? [] : enginesOf(chosen)
  return (
    <>
      <section className="md-card">
        <header>
          <h2>{t('wizard.mode')}</h2>
        </header>
        <div className="md-card-body">
          <fieldset className="md-choices">
            <legend className="md-visually-hidden">{t('wizard.mode')}</legend>
            {(['Dedicated', 'Managed'] as const).map((mode) => (
              <label key={mode} className="md-choice">
                <input
                  type="radio"
                  name={`${id}-mode`}
                  checked={draft.mode === mode}
                  onChange={() => change({ mode })}
                />
                <strong>{t(`wizard.modes.${mode}.name`)}</strong>
                <span className="md-muted">{t(`wizard.modes.${mode}.what`)}</span>
              </label>
            ))}
          </fieldset>
        </div>
      </section>
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
                <span>{printVersion(host.cluster)}</span>
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
      {draft.mode === 'Managed' && (
        <InstallMembers draft={draft} change={change} problems={problems} clusters={clusters} />
      )}
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
        <WizardField id={`${id}-engine`} label={t('wizard.engine')} help={t(`wizard.engines.${draft.engine}.what`)}>
          <Select
            id={`${id}-engine`}
            disabled={draft.cluster === ''}
            value={draft.engine}
            options={(['Sail', 'Helm'] as const).map((value) => ({
              value,
              label: t(`wizard.engines.${value}.name`),
              disabled: !engines.includes(value),
            }))}
            onChange={(engine: typeof draft.engine) => change({ engine })}
          />
        </WizardField>
        <WizardField
          id={`${id}-platform`}
          label={t('mesh-wizard:platform.title')}
          help={t(`mesh-wizard:platform.${draft.platform === 'OpenShift' ? 'OpenShift' : 'Kubernetes'}`)}
        >
          <Select
            id={`${id}-platform`}
            disabled={draft.cluster === ''}
            value={draft.platform === '' ? 'Kubernetes' : draft.platform}
            options={PLATFORMS.map((value) => ({
              value,
              label: value === chosen?.platform ? `${value} · ${t('mesh-wizard:platform.found')}` : value,
            }))}
            onChange={(platform: Platform) => change({ platform })}
          />
        </WizardField>
        <WizardField id={`${id}-hub`} label={t('wizard.hub')} help={t('wizard.hubHelp')} problem={problems.hub}>
          <Input
            id={`${id}-hub`}
            value={draft.hub}
            placeholder="docker.io/istio"
            autoComplete="off"
            onChange={({ target }) => change({ hub: target.value })}
          />
        </WizardField>
        <WizardField
          id={`${id}-namespace`}
          label={t('wizard.namespace')}
          help={t('wizard.namespaceHelp')}
          problem={problems.namespace}
        >
          <Input
            id={`${id}-namespace`}
            value={draft.namespace}
            placeholder="istio-system"
            maxLength={63}
            autoComplete="off"
            onChange={({ target }) => change({ namespace: target.value })}
          />
        </WizardField>
        <div className="md-head-wide md-stack">
          <Checkbox
            checked={draft.ambient && draft.mode === 'Dedicated'}
            disabled={draft.mode === 'Managed'}
            onChange={({ target }) => change({ ambient: target.checked })}
          >
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
