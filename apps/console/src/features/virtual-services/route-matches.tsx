import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'
import { appendAt, removeAt, setAt, type YamlPath } from '../../resource-kit/form/document-edits.ts'
import { useForm } from './form-context.ts'
import { MatchCondition } from './match-condition.tsx'
import type { Condition, MatchView, RouteView } from './virtual-service-view.ts'

/** What a new condition of each kind begins with. */
const BEGINNINGS: Record<Condition['field'], unknown> = {
  uri: { prefix: '/' },
  method: { exact: 'GET' },
  authority: { exact: '' },
  scheme: { exact: 'https' },
  headers: { exact: '' },
  withoutHeaders: {},
  queryParams: { exact: '' },
  sourceLabels: '',
  sourceNamespace: '',
  port: 80,
  gateways: ['mesh'],
}
const NAMED: readonly Condition['field'][] = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels']
const FIELDS = Object.keys(BEGINNINGS).filter((field): field is Condition['field'] => field in BEGINNINGS)

/** Which requests a route takes: any of its matches, each with all of its conditions. */
export function RouteMatches({ route, at }: { route: RouteView; at: number }) {
  const { t } = useTranslation('virtual-services')
  const { edit } = useForm()
  const path: YamlPath = ['spec', 'http', at, 'match']
  return (
    <fieldset className="md-form-part">
      <legend>{t('matches.title')}</legend>
      {route.matches.length === 0 && <p className="md-muted">{t('matches.all')}</p>}
      {route.matches.map((match, index) => (
        <Match
          // oxlint-disable-next-line react/no-array-index-key -- elements of a YAML list have no identity but their place
          key={index}
          match={match}
          index={index}
          path={[...path, index]}
          field={`spec.http[${at}].match[${index}]`}
        />
      ))}
      <div className="md-form-actions">
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => edit((document) => appendAt(document, path, { uri: { prefix: '/' } }))}
        >
          {t(route.matches.length === 0 ? 'matches.addFirst' : 'matches.add')}
        </Button>
      </div>
    </fieldset>
  )
}

function Match({ match, index, path, field }: { match: MatchView; index: number; path: YamlPath; field: string }) {
  const { t } = useTranslation('virtual-services')
  const { edit } = useForm()
  const { conditions } = match
  const taken = conditions.map((condition) => condition.field)
  // A name is asked for after it was added; two without one would be the same entry.
  const nameless = conditions
    .filter((condition) => 'name' in condition && condition.name === '')
    .map((condition) => condition.field)
  const offered = FIELDS.filter((each) => (NAMED.includes(each) ? !nameless.includes(each) : !taken.includes(each)))
  const uriWithOwnCase = conditions.some((condition) => condition.field === 'uri' && condition.operator !== 'regex')
  const handleAdd = (each: Condition['field']) =>
    edit((document) => setAt(document, NAMED.includes(each) ? [...path, each, ''] : [...path, each], BEGINNINGS[each]))
  const name = match.name || String(index + 1)
  return (
    <>
      {index > 0 && <p className="md-form-or">{t('matches.or')}</p>}
      <div className="md-form-match" role="group" aria-label={t('matches.one', { name })}>
        {conditions.length === 0 && <p className="md-muted">{t('matches.empty')}</p>}
        {conditions.map((condition, place) => (
          <MatchCondition
            // Not by name: it is typed in this very row.
            key={`${condition.field}:${place - taken.indexOf(condition.field)}`}
            condition={condition}
            path={path}
            field={field}
          />
        ))}
        <div className="md-form-actions">
          <Dropdown
            trigger={['click']}
            menu={{
              items: offered.map((each) => ({ key: each, label: t(`matches.fields.${each}`) })),
              onClick: ({ key }) => {
                const chosen = offered.find((each) => each === key)
                if (chosen) handleAdd(chosen)
              },
            }}
          >
            <Button size="small" icon={<PlusOutlined aria-hidden />}>
              {t('matches.addCondition')}
            </Button>
          </Dropdown>
          {(uriWithOwnCase || match.ignoreUriCase) && (
            <Checkbox
              checked={match.ignoreUriCase}
              onChange={({ target }) =>
                edit((document) =>
                  target.checked
                    ? setAt(document, [...path, 'ignoreUriCase'], true)
                    : document.deleteIn([...path, 'ignoreUriCase']),
                )
              }
            >
              {t('matches.ignoreUriCase')}
            </Checkbox>
          )}
          <Button
            className="md-push"
            size="small"
            type="text"
            icon={<DeleteOutlined aria-hidden />}
            onClick={() => edit((document) => removeAt(document, path, 3))}
          >
            {t('matches.remove')}
          </Button>
        </div>
        {match.others.length > 0 && <p className="md-muted">{t('alsoSet', { fields: match.others.join(', ') })}</p>}
      </div>
    </>
  )
}
