import type { OutlierDetection } from '@meshdeck/kube'
import Alert from 'antd/es/alert'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { isDuration } from './outlier-faults.ts'

/** What Envoy does where nothing else is said, save that all hosts of a place may be left out: only then it fails over. */
const START: OutlierDetection = {
  consecutive5xxErrors: 5,
  interval: '10s',
  baseEjectionTime: '30s',
  maxEjectionPercent: 100,
}

interface OutlierFieldsProps {
  value: OutlierDetection | undefined
  onChange: (value: OutlierDetection | undefined) => void
  /** Whether what was chosen does nothing without it. */
  isNeeded: boolean
  showsFaults: boolean
}

/** When hosts of all services are left out for a while. Without it, Istio has no reason to move traffic elsewhere. */
export function OutlierFields({ value, onChange, isNeeded, showsFaults }: OutlierFieldsProps) {
  const { t } = useTranslation('mesh-wizard')
  const id = useId()
  const times = ['interval', 'baseEjectionTime'] as const
  return (
    <>
      <Checkbox checked={value !== undefined} onChange={({ target }) => onChange(target.checked ? START : undefined)}>
        {t('outlier.title')} <span className="md-muted">{t('outlier.help')}</span>
      </Checkbox>
      {value === undefined && isNeeded && (
        <Alert type="warning" showIcon title={t('outlier.needed.title')} description={t('outlier.needed.what')} />
      )}
      {value !== undefined && (
        <div className="md-head">
          <div className="md-head-field">
            <label htmlFor={`${id}-errors`}>{t('outlier.consecutive5xxErrors')}</label>
            <InputNumber
              id={`${id}-errors`}
              min={1}
              max={1000}
              precision={0}
              value={value.consecutive5xxErrors ?? null}
              onChange={(errors) => onChange({ ...value, consecutive5xxErrors: errors ?? 5 })}
            />
          </div>
          {times.map((name) => (
            <div key={name} className="md-head-field">
              <label htmlFor={`${id}-${name}`}>{t(`outlier.${name}`)}</label>
              <Input
                id={`${id}-${name}`}
                value={value[name] ?? ''}
                aria-describedby={`${id}-${name}-fault`}
                onChange={({ target }) => onChange({ ...value, [name]: target.value.trim() })}
              />
              <div id={`${id}-${name}-fault`}>
                {showsFaults && !isDuration(value[name]) && (
                  <p role="alert" className="md-fault">
                    {t('problems.durationInvalid')}
                  </p>
                )}
              </div>
            </div>
          ))}
          <div className="md-head-field">
            <label htmlFor={`${id}-percent`}>{t('outlier.maxEjectionPercent')}</label>
            <InputNumber
              id={`${id}-percent`}
              min={0}
              max={100}
              precision={0}
              suffix="%"
              value={value.maxEjectionPercent ?? null}
              onChange={(percent) => onChange({ ...value, maxEjectionPercent: percent ?? 100 })}
            />
          </div>
        </div>
      )}
    </>
  )
}
