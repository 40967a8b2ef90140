import type { Mesh } from '@meshdeck/kube'
import { isQuantity, PROXY_LOG_LEVELS, readResources } from '@meshdeck/mesh'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStyle } from '../../lib/use-style.ts'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import css from '../../resource-kit/resource-kit.css?inline'
import {
  ownResources,
  QUANTITIES,
  setMeshQuantity,
  setOwnQuantity,
  valuesPath,
  type Quantity,
} from './global-values.ts'
import { TouchedWorkloads } from './touched-workloads.tsx'

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const
const STANDARD: Record<Quantity[0], Record<Quantity[1], string>> = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '2000m', memory: '1024Mi' },
}

/** The part of a mesh's record that is about its sidecars; what it does not show is kept. */
export function GlobalForm({ value, onEdit, problems }: ResourceFormProps) {
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const id = useId()
  // The boundary: the hub's schema promises the shape.
  const mesh = value as Mesh
  const { dataPlane = {} } = mesh.spec
  const isAmbient = dataPlane.mode === 'Ambient'
  const set = (field: string, next: unknown) =>
    onEdit((document) => {
      if (next === '') document.deleteIn(['spec', 'dataPlane', field])
      else document.setIn(['spec', 'dataPlane', field], next)
    })
  const optional = (choices: readonly string[]) =>
    ['', ...choices].map((choice) => ({ value: choice, label: choice || t('global.asIstio') }))
  const wide = readResources({ ...dataPlane.resources })
  // Values of the control plane's installation win over what is said for the mesh; where there are some they are shown.
  const { cluster } = mesh.spec.controlPlane
  const own = ownResources(mesh, cluster)
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
      <section className="md-card">
        <header>
          <h2>{t('global.switch')}</h2>
        </header>
        <div className="md-card-body md-stack">
          <Checkbox
            checked={dataPlane.injectByDefault === true && !isAmbient}
            disabled={isAmbient}
            onChange={({ target }) => set('injectByDefault', target.checked)}
          >
            {t('global.injectByDefault')}{' '}
            <span className="md-muted">{t(isAmbient ? 'global.ambient' : 'global.injectHelp')}</span>
          </Checkbox>
          <TouchedWorkloads />
        </div>
      </section>
      <section className="md-card" aria-label={t('global.mesh')}>
        <header>
          <h2>{t('global.mesh')}</h2>
          <span className="md-muted">{t('global.newPods')}</span>
        </header>
        <div className="md-card-body md-head">
          <div className="md-head-field md-head-wide">
            <label htmlFor={`${id}-discovery`}>{t('global.fields.discovery')}</label>
            <Select
              id={`${id}-discovery`}
              value={dataPlane.discovery ?? 'All'}
              options={(['All', 'Local'] as const).map((each) => ({
                value: each,
                label: t(`global.discoveries.${each}`),
              }))}
              onChange={(next: string) => set('discovery', next === 'All' ? '' : next)}
            />
          </div>
          <div className="md-head-field">
            <label htmlFor={`${id}-log`}>{t('global.fields.logLevel')}</label>
            <Select
              id={`${id}-log`}
              value={dataPlane.logLevel ?? ''}
              options={optional(PROXY_LOG_LEVELS)}
              onChange={(next: string) => set('logLevel', next)}
            />
          </div>
          <div className="md-head-field">
            <label htmlFor={`${id}-pull`}>{t('global.fields.pullPolicy')}</label>
            <Select
              id={`${id}-pull`}
              value={dataPlane.imagePullPolicy ?? ''}
              options={optional(PULL_POLICIES)}
              onChange={(next: string) => set('imagePullPolicy', next)}
            />
          </div>
        </div>
        <div className="md-card-body md-head">
          {QUANTITIES.map((quantity) => (
            <QuantityField
              key={quantity.join('.')}
              quantity={quantity}
              value={wide[quantity[0]]?.[quantity[1]] ?? ''}
              placeholder={STANDARD[quantity[0]][quantity[1]]}
              onChange={(next) => onEdit((document) => setMeshQuantity(document, quantity, next))}
            />
          ))}
        </div>
      </section>
      {QUANTITIES.some(([side, what]) => own[side]?.[what] !== undefined) && (
        <section className="md-card" aria-label={t('global.ofValues')}>
          <header>
            <h2>{t('global.ofValues')}</h2>
            <span className="md-muted">{t('global.ofValuesHelp', { path: printPath(valuesPath(mesh, cluster)) })}</span>
          </header>
          <div className="md-card-body md-head">
            {QUANTITIES.map((quantity) => (
              <QuantityField
                key={quantity.join('.')}
                quantity={quantity}
                value={own[quantity[0]]?.[quantity[1]] ?? ''}
                placeholder={wide[quantity[0]]?.[quantity[1]] ?? STANDARD[quantity[0]][quantity[1]]}
                onChange={(next) => onEdit((document) => setOwnQuantity(document, mesh, cluster, quantity, next))}
              />
            ))}
          </div>
        </section>
      )}
    </div>
  )
}

const printPath = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')

interface QuantityFieldProps {
  quantity: Quantity
  value: string
  placeholder: string
  onChange: (value: string) => void
}

/** A quantity. What is none stays in the field and never reaches the record: no schema would catch it in Helm values. */
function QuantityField({ quantity: [side, what], value, placeholder, onChange }: QuantityFieldProps) {
  const { t } = useTranslation('namespaces')
  const id = useId()
  const [wrong, setWrong] = useState<string>()
  const handleChange = (text: string) => {
    const next = text.trim()
    const isRight = next === '' || isQuantity(next)
    setWrong(isRight ? undefined : text)
    if (isRight) onChange(next)
  }
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{t(`global.quantities.${side}.${what}`)}</label>
      <Input
        id={id}
        value={wrong ?? value}
        placeholder={placeholder}
        {...(wrong === undefined ? {} : { status: 'error' as const })}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-help`}
        onChange={({ target }) => handleChange(target.value)}
      />
      <div id={`${id}-help`}>
        {wrong !== undefined && (
          <p className="md-fault" role="alert">
            {t('global.notAQuantity')}
          </p>
        )}
      </div>
    </div>
  )
}
