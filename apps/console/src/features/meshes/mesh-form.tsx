import { MESH_SIZES, type Mesh } from '@meshdeck/kube'
import { ISTIO_RELEASES, PROXY_LOG_LEVELS } from '@meshdeck/mesh'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useStyle } from '../../lib/use-style.ts'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import { LinkFields } from './link-fields.tsx'
import { HistoryFields } from './history-fields.tsx'
import { LocalityFields } from './locality-fields.tsx'
import css from './meshes.css?inline'
import { WizardField, WizardSection } from './wizard-field.tsx'

const OUTBOUND = ['ALLOW_ANY', 'REGISTRY_ONLY'] as const

/** What can be changed of a mesh after it was made. What it does not show is kept; the YAML shows all. */
export function MeshForm({ value, onEdit, problems }: ResourceFormProps) {
  useStyle(css)
  const { t } = useTranslation(['meshes', 'fleet'])
  const id = useId()
  // The boundary: the hub's schema promises the shape.
  const {
    mode,
    displayName,
    protected: isProtected,
    controlPlane,
    dataPlane,
    traffic,
    members,
    links,
    history,
  } = value.spec as Mesh['spec']
  const set = (path: readonly string[], next: unknown) =>
    onEdit((document) => {
      if (next === undefined || next === '') document.deleteIn(['spec', ...path])
      else document.setIn(['spec', ...path], next)
    })
  const version = controlPlane.version?.replace(/^v/, '')
  const versions = [
    ...new Set([...(version === undefined ? [] : [version]), ...ISTIO_RELEASES.map((each) => each.version)]),
  ]
  const optional = (choices: readonly string[]) =>
    ['', ...choices].map((choice) => ({ value: choice, label: choice || t('wizard.asIstio') }))
  return (
    <div className="md-stack">
      {problems.length > 0 && (
        <ul role="alert" className="md-fault">
          {problems.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code>{field}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <WizardSection title={t('wizard.steps.basics')}>
        <WizardField id={`${id}-display`} label={t('fleet:displayName')}>
          <Input
            id={`${id}-display`}
            value={displayName ?? ''}
            maxLength={60}
            onChange={({ target }) => set(['displayName'], target.value)}
          />
        </WizardField>
        <div className="md-head-wide">
          <Checkbox
            checked={isProtected === true}
            onChange={({ target }) => set(['protected'], target.checked ? true : undefined)}
          >
            {t('fleet:meshes.create.protect')} <span className="md-muted">{t('fleet:meshes.create.protectHelp')}</span>
          </Checkbox>
        </div>
      </WizardSection>
      <LinkFields value={links} onChange={(link, address) => set(['links', link], address)} />
      <HistoryFields mesh={value.metadata.name} value={history} onChange={(next) => set(['history'], next)} />
      {mode !== 'External' && (
        <>
          <WizardSection title="Istio" help={t('form.istioHelp')}>
            <WizardField id={`${id}-version`} label={t('wizard.version')} help={t('form.versionHelp')}>
              <Select
                id={`${id}-version`}
                {...(version === undefined ? {} : { value: version })}
                options={versions.map((each) => ({ value: each, label: each }))}
                onChange={(next: string) => set(['controlPlane', 'version'], next)}
              />
            </WizardField>
            <WizardField id={`${id}-hub`} label={t('wizard.hub')} help={t('wizard.hubHelp')}>
              <Input
                id={`${id}-hub`}
                value={controlPlane.hub ?? ''}
                placeholder="docker.io/istio"
                onChange={({ target }) => set(['controlPlane', 'hub'], target.value.trim())}
              />
            </WizardField>
            <WizardField id={`${id}-size`} label={t('wizard.size')} help={t('wizard.sizeHelp')}>
              <Select
                id={`${id}-size`}
                value={controlPlane.size ?? ''}
                options={optional(MESH_SIZES)}
                onChange={(next: string) => set(['controlPlane', 'size'], next)}
              />
            </WizardField>
            <div className="md-head-wide">
              <Checkbox
                checked={controlPlane.highAvailability === true}
                onChange={({ target }) => set(['controlPlane', 'highAvailability'], target.checked)}
              >
                {t('wizard.highAvailability')} <span className="md-muted">{t('wizard.highAvailabilityHelp')}</span>
              </Checkbox>
            </div>
          </WizardSection>
          <WizardSection title={t('form.defaults')}>
            <WizardField id={`${id}-outbound`} label={t('wizard.outbound')} help={t('wizard.outboundHelp')}>
              <Select
                id={`${id}-outbound`}
                value={traffic?.outbound ?? ''}
                options={[
                  { value: '', label: t('wizard.asIstio') },
                  ...OUTBOUND.map((each) => ({ value: each, label: t(`wizard.outboundModes.${each}.name`) })),
                ]}
                onChange={(next: string) => set(['traffic', 'outbound'], next)}
              />
            </WizardField>
            <WizardField id={`${id}-log`} label={t('wizard.logLevel')}>
              <Select
                id={`${id}-log`}
                value={dataPlane?.logLevel ?? ''}
                options={optional(PROXY_LOG_LEVELS)}
                onChange={(next: string) => set(['dataPlane', 'logLevel'], next)}
              />
            </WizardField>
            {dataPlane?.mode !== 'Ambient' && (
              <div className="md-head-wide">
                <Checkbox
                  checked={dataPlane?.injectByDefault === true}
                  onChange={({ target }) => set(['dataPlane', 'injectByDefault'], target.checked)}
                >
                  {t('wizard.injectByDefault')} <span className="md-muted">{t('wizard.injectByDefaultHelp')}</span>
                </Checkbox>
              </div>
            )}
          </WizardSection>
          <LocalityFields
            value={{
              ...(traffic?.locality && { locality: traffic.locality }),
              ...(traffic?.outlierDetection && { outlierDetection: traffic.outlierDetection }),
            }}
            onChange={({ locality, outlierDetection }) => {
              set(['traffic', 'locality'], locality)
              set(['traffic', 'outlierDetection'], outlierDetection)
            }}
            clusters={[controlPlane.cluster, ...(members ?? []).map(({ cluster }) => cluster)]}
            showsFaults
          />
        </>
      )}
    </div>
  )
}
