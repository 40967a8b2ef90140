import Checkbox from 'antd/es/checkbox'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { RETRY_CONDITIONS } from './install-draft.ts'
import type { StepProps } from './install-step.ts'
import { LocalityFields } from './locality-fields.tsx'
import { WizardField, WizardSection } from './wizard-field.tsx'

const OUTBOUND = ['ALLOW_ANY', 'REGISTRY_ONLY'] as const

/** What holds for all traffic of the mesh that no rule says more of. */
export function InstallGovernance({ draft, change, problems }: StepProps) {
  const { t } = useTranslation('meshes')
  const id = useId()
  const { retries } = draft
  return (
    <>
      <section className="md-card">
        <header>
          <h2>{t('wizard.outbound')}</h2>
          <span className="md-muted">{t('wizard.outboundHelp')}</span>
        </header>
        <div className="md-card-body md-stack">
          <fieldset className="md-choices">
            <legend className="md-visually-hidden">{t('wizard.outbound')}</legend>
            {OUTBOUND.map((outbound) => (
              <label key={outbound} className="md-choice">
                <input
                  type="radio"
                  name={`${id}-outbound`}
                  checked={draft.outbound === outbound}
                  onChange={() => change({ outbound })}
                />
                <strong>{t(`wizard.outboundModes.${outbound}.name`)}</strong>
                <code>{outbound}</code>
                <span className="md-muted">{t(`wizard.outboundModes.${outbound}.what`)}</span>
              </label>
            ))}
          </fieldset>
        </div>
      </section>
      <WizardSection title={t('wizard.retries')}>
        <div className="md-head-wide">
          <Checkbox
            checked={retries.own}
            onChange={({ target }) => change({ retries: { ...retries, own: target.checked } })}
          >
            {t('wizard.retriesOwn')} <span className="md-muted">{t('wizard.retriesHelp')}</span>
          </Checkbox>
        </div>
        {retries.own && (
          <>
            <WizardField
              id={`${id}-attempts`}
              label={t('wizard.attempts')}
              help={t('wizard.attemptsHelp')}
              problem={problems.attempts}
            >
              <InputNumber
                id={`${id}-attempts`}
                min={0}
                max={100}
                precision={0}
                value={retries.attempts}
                onChange={(attempts) => change({ retries: { ...retries, attempts: attempts ?? 0 } })}
              />
            </WizardField>
            <WizardField id={`${id}-on`} label={t('wizard.retryOn')} problem={problems.retryOn}>
              <Select
                id={`${id}-on`}
                mode="multiple"
                value={[...retries.retryOn]}
                options={RETRY_CONDITIONS.map((value) => ({ value, label: value }))}
                onChange={(retryOn: string[]) => change({ retries: { ...retries, retryOn } })}
              />
            </WizardField>
          </>
        )}
      </WizardSection>
      <LocalityFields
        value={draft.locality}
        onChange={(locality) => change({ locality })}
        clusters={[draft.cluster, ...draft.members.map(({ cluster }) => cluster)]}
        showsFaults={problems.locality !== undefined}
      />
    </>
  )
}
