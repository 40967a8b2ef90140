import Checkbox from 'antd/es/checkbox'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { setAt, type YamlPath } from '../../resource-kit/form/document-edits.ts'
import { useForm } from './form-context.ts'
import { FormField, NumberField, TextField } from '../../resource-kit/form/form-field.tsx'
import { RETRY_ON } from './virtual-service-problems.ts'
import type { RouteView } from './virtual-service-view.ts'

/** Istio's own default, so that the form begins where the mesh already is. */
const DEFAULT_ATTEMPTS = 2

/** How long a request may take and how often it is tried. */
export function RouteLimits({ route, at }: { route: RouteView; at: number }) {
  const { t } = useTranslation('virtual-services')
  const { edit } = useForm()
  const path: YamlPath = ['spec', 'http', at]
  const field = `spec.http[${at}]`
  const { retries } = route
  const setOrDelete = (rest: YamlPath, value: unknown) =>
    edit((document) =>
      value === undefined || value === ''
        ? document.deleteIn([...path, ...rest])
        : setAt(document, [...path, ...rest], value),
    )
  return (
    <fieldset className="md-form-part">
      <legend>{t('limits.title')}</legend>
      <div className="md-form-row">
        <TextField
          className="md-form-short"
          label={t('limits.timeout')}
          field={`${field}.timeout`}
          value={route.timeout}
          placeholder={t('limits.noTimeout')}
          onChange={(text) => setOrDelete(['timeout'], text)}
        />
        <Checkbox
          className="md-form-check"
          checked={retries !== undefined}
          onChange={({ target }) =>
            setOrDelete(['retries'], target.checked ? { attempts: DEFAULT_ATTEMPTS } : undefined)
          }
        >
          {t('limits.retries')}
        </Checkbox>
      </div>
      {retries && (
        <div className="md-form-row">
          <NumberField
            className="md-form-short"
            label={t('limits.attempts')}
            field={`${field}.retries.attempts`}
            value={retries.attempts}
            onChange={(next) => setOrDelete(['retries', 'attempts'], next)}
          />
          <TextField
            className="md-form-short"
            label={t('limits.perTryTimeout')}
            field={`${field}.retries.perTryTimeout`}
            value={retries.perTryTimeout}
            placeholder={t('limits.asTimeout')}
            onChange={(text) => setOrDelete(['retries', 'perTryTimeout'], text)}
          />
          <FormField className="md-form-grow" label={t('limits.retryOn')} field={`${field}.retries.retryOn`}>
            {(control) => (
              <Select
                {...control}
                mode="tags"
                tokenSeparators={[',', ' ']}
                value={retries.retryOn === '' ? [] : retries.retryOn.split(',')}
                placeholder={t('limits.retryOnDefault')}
                options={RETRY_ON.map((each) => ({ value: each, label: each }))}
                onChange={(next: string[]) => setOrDelete(['retries', 'retryOn'], next.join(','))}
              />
            )}
          </FormField>
        </div>
      )}
      {retries && retries.others.length > 0 && (
        <p className="md-muted">
          {t('alsoSet', { fields: retries.others.map((each) => `retries.${each}`).join(', ') })}
        </p>
      )}
    </fieldset>
  )
}
