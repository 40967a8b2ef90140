import AutoComplete from 'antd/es/auto-complete'
import InputNumber from 'antd/es/input-number'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { LocalityShare } from './locality-draft.ts'
import { AddButton, RemoveButton } from './row-buttons.tsx'

interface ShareRowProps {
  /** Beginning with 1: names its controls. */
  number: number
  share: LocalityShare
  /** To pick from; others can be typed. */
  places: readonly string[]
  fromFault: string | undefined
  toFault: string | undefined
  onChange: (share: LocalityShare) => void
  onRemove?: () => void
}

/** Where traffic of one place goes, in shares. */
export function ShareRow({ number, share, places, fromFault, toFault, onChange, onRemove }: ShareRowProps) {
  const { t } = useTranslation('mesh-wizard')
  const { from, to } = share
  const sum = to.reduce((total, { weight }) => total + weight, 0)
  return (
    <fieldset className="md-locality">
      <legend>{t('locality.share', { number })}</legend>
      <PlaceField
        label={t('locality.from')}
        value={from}
        options={places}
        fault={fromFault}
        onChange={(next) => onChange({ from: next, to })}
      />
      {to.map((target, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
        <div key={index} className="md-locality-row">
          <PlaceField
            label={t('locality.to', { number: index + 1 })}
            value={target.place}
            options={places}
            fault={undefined}
            onChange={(place) => onChange({ from, to: to.with(index, { ...target, place }) })}
          />
          <InputNumber
            aria-label={t('locality.weight', { number: index + 1 })}
            min={1}
            max={100}
            precision={0}
            suffix="%"
            value={target.weight}
            onChange={(weight) => onChange({ from, to: to.with(index, { ...target, weight: weight ?? 0 }) })}
          />
          {to.length > 1 && (
            <RemoveButton
              label={t('locality.removeTo', { number: index + 1 })}
              onClick={() => onChange({ from, to: to.toSpliced(index, 1) })}
            />
          )}
        </div>
      ))}
      <p className={toFault === undefined ? 'md-muted' : 'md-fault'} role={toFault === undefined ? 'status' : 'alert'}>
        {t('locality.sum', { sum })} {toFault}
      </p>
      <div className="md-buttons">
        <AddButton onClick={() => onChange({ from, to: [...to, { place: '', weight: Math.max(1, 100 - sum) }] })}>
          {t('locality.addTo')}
        </AddButton>
        {onRemove && <RemoveButton label={t('locality.removeShare', { number })} onClick={onRemove} />}
      </div>
    </fieldset>
  )
}

interface MoveRowProps {
  /** Beginning with 1: names its controls. */
  number: number
  move: { from: string; to: string }
  regions: readonly string[]
  fromFault: string | undefined
  toFault: string | undefined
  onChange: (move: { from: string; to: string }) => void
  onRemove?: () => void
}

/** Which region takes over from another. */
export function MoveRow({ number, move, regions, fromFault, toFault, onChange, onRemove }: MoveRowProps) {
  const { t } = useTranslation('mesh-wizard')
  return (
    <fieldset className="md-locality">
      <legend>{t('locality.move', { number })}</legend>
      <div className="md-locality-row">
        <PlaceField
          label={t('locality.moveFrom')}
          value={move.from}
          options={regions}
          fault={fromFault}
          onChange={(from) => onChange({ ...move, from })}
        />
        <PlaceField
          label={t('locality.moveTo')}
          value={move.to}
          options={regions.filter((region) => region !== move.from)}
          fault={toFault}
          onChange={(to) => onChange({ ...move, to })}
        />
        {onRemove && <RemoveButton label={t('locality.removeMove', { number })} onClick={onRemove} />}
      </div>
    </fieldset>
  )
}

interface PlaceFieldProps {
  label: string
  value: string
  options: readonly string[]
  fault: string | undefined
  onChange: (value: string) => void
}

function PlaceField({ label, value, options, fault, onChange }: PlaceFieldProps) {
  const id = useId()
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{label}</label>
      <AutoComplete
        id={id}
        value={value}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-fault`}
        options={options
          .filter((each) => each.includes(value) || options.includes(value))
          .map((each) => ({ value: each }))}
        onChange={(next: string | undefined) => onChange(next ?? '')}
      />
      <div id={`${id}-fault`}>
        {fault !== undefined && (
          <p className="md-fault" role="alert">
            {fault}
          </p>
        )}
      </div>
    </div>
  )
}
