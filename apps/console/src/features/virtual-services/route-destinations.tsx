import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import { fullHost } from '@meshdeck/mesh'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import type { Document } from 'yaml'
import { appendAt, removeAt, setAt, type YamlPath } from '../../resource-kit/form/document-edits.ts'
import { useForm } from './form-context.ts'
import { Notes, NumberField, TextField } from '../../resource-kit/form/form-field.tsx'
import type { DestinationView, RouteView } from './virtual-service-view.ts'
import { evenWeights, FULL_WEIGHT, sumOfWeights } from './weights.ts'

export interface RouteDestinationsProps {
  route: RouteView
  at: number
}

/** Where a route's requests go, and in which shares. */
export function RouteDestinations({ route, at }: RouteDestinationsProps) {
  const { t } = useTranslation('virtual-services')
  const { edit, notesAt } = useForm()
  const { destinations, instead } = route
  const path: YamlPath = ['spec', 'http', at, 'route']
  const weighted = destinations.length > 1
  const sum = sumOfWeights(destinations.map(({ weight }) => weight))

  const handleAdd = () =>
    edit((document) => {
      const [first] = destinations
      // Until now the only destination took all; beside a second one that has to be said.
      if (destinations.length === 1 && first?.weight === undefined) setAt(document, [...path, 0, 'weight'], FULL_WEIGHT)
      const destination = { host: first?.host ?? '' }
      appendAt(document, path, destinations.length === 0 ? { destination } : { destination, weight: 0 })
    })
  const handleRemove = (index: number) =>
    edit((document) => {
      removeAt(document, [...path, index], 3)
      // One alone takes all requests; a weight beside nothing only puzzles.
      if (destinations.length === 2) document.deleteIn([...path, 0, 'weight'])
    })
  const handleDistribute = () =>
    edit((document) =>
      evenWeights(destinations.length).forEach((weight, index) => setAt(document, [...path, index, 'weight'], weight)),
    )

  return (
    <fieldset className="md-form-part">
      <legend>{t('destinations.title')}</legend>
      {instead !== undefined && <p className="md-muted">{t(`destinations.instead.${instead}`)}</p>}
      {destinations.map((destination, index) => (
        <Destination
          // oxlint-disable-next-line react/no-array-index-key -- elements of a YAML list have no identity but their place
          key={index}
          path={[...path, index]}
          field={`spec.http[${at}].route[${index}]`}
          destination={destination}
          weighted={weighted}
          onRemove={() => handleRemove(index)}
        />
      ))}
      <Notes notes={notesAt(`spec.http[${at}].route`)} />
      {instead === undefined && (
        <div className="md-form-actions">
          <Button size="small" icon={<PlusOutlined aria-hidden />} onClick={handleAdd}>
            {t('destinations.add')}
          </Button>
          {weighted && (
            <>
              <output className={sum === FULL_WEIGHT ? 'md-form-sum' : 'md-form-sum md-form-warning'}>
                {t('destinations.sum', { sum, full: FULL_WEIGHT })}
              </output>
              <Button size="small" onClick={handleDistribute}>
                {t('destinations.distribute')}
              </Button>
            </>
          )}
        </div>
      )}
    </fieldset>
  )
}

interface DestinationProps {
  path: YamlPath
  field: string
  destination: DestinationView
  weighted: boolean
  onRemove: () => void
}

function Destination({ path, field, destination, weighted, onRemove }: DestinationProps) {
  const { t } = useTranslation('virtual-services')
  const { edit, choices, namespace } = useForm()
  const { host, subset, port, weight, others } = destination
  const full = fullHost(host, namespace)
  const { hosts, subsets } = choices
  const offered = subsets?.get(full)
  const ports = hosts?.find((each) => each.full === full)?.ports ?? []
  const set = (rest: YamlPath, value: unknown, empty: boolean) =>
    edit((document: Document) =>
      empty ? removeAt(document, [...path, ...rest], path.length + 1) : setAt(document, [...path, ...rest], value),
    )
  const name = host || t('destinations.nameless')

  return (
    <div
      className={weighted ? 'md-form-destination md-form-weighted' : 'md-form-destination'}
      role="group"
      aria-label={t('destinations.one', { name })}
    >
      <TextField
        label={t('destinations.host')}
        field={`${field}.destination.host`}
        value={host}
        options={hosts?.map((each) => each.host) ?? []}
        onChange={(text) => set(['destination', 'host'], text, text === '')}
      />
      <TextField
        label={t('destinations.subset')}
        field={`${field}.destination.subset`}
        value={subset}
        options={offered ?? []}
        placeholder={t('destinations.anySubset')}
        onChange={(text) => set(['destination', 'subset'], text, text === '')}
      />
      <NumberField
        label={t('destinations.port')}
        field={`${field}.destination.port.number`}
        value={port}
        min={1}
        placeholder={ports.length === 1 ? String(ports[0]) : t('destinations.anyPort')}
        onChange={(next) => set(['destination', 'port', 'number'], next, next === undefined)}
      />
      {weighted && (
        <NumberField
          label={t('destinations.weight')}
          field={`${field}.weight`}
          value={weight}
          onChange={(next) => set(['weight'], next, next === undefined)}
        />
      )}
      <Button
        className="md-form-remove"
        type="text"
        icon={<DeleteOutlined aria-hidden />}
        aria-label={t('destinations.remove', { name })}
        title={t('destinations.remove', { name })}
        onClick={onRemove}
      />
      {others.length > 0 && <p className="md-muted md-form-wide">{t('alsoSet', { fields: others.join(', ') })}</p>}
    </div>
  )
}
