import type { ServiceLevelView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { SERVICE_LEVEL_STATES } from '@meshdeck/mesh/service-levels'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from '@tanstack/react-router'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { serviceLevelPlaces } from '../../lib/service-level-places.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { serviceLevelQueries } from '../../resource-kit/service-level-queries.ts'
import { ServiceLevelState, useTargetText } from '../../resource-kit/service-level-state.tsx'
import { RulesDialog } from './rules-dialog.tsx'
import css from './service-levels.css?inline'

const ANY = 'any'
const schema = searchSchema({
  search: param.text(),
  state: param.oneOf([ANY, ...SERVICE_LEVEL_STATES], ANY),
})

/** What the services of a mesh promise, and how they keep it. The worst come first. */
export function ServiceLevelsPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const [{ refreshSeconds }] = usePreferences()
  const [{ search, state }, setSearch] = usePageSearch(schema)
  const query = useQuery(serviceLevelQueries.list(mesh, refreshSeconds))
  const mayCreate = useCan('create', 'ServiceLevel', { cluster: HUB }).allowed
  const [rules, setRules] = useState(false)
  const create = mayCreate && (
    <Button type="primary" onClick={() => void navigate(serviceLevelPlaces.create(mesh))}>
      {t('create')}
    </Button>
  )
  const any = (query.data?.items.length ?? 0) > 0
  return (
    <Page
      title={t('title')}
      description={t('what')}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={
        <>
          {any && <Button onClick={() => setRules(true)}>{t('rules.all')}</Button>}
          {any && create}
        </>
      }
    >
      <QueryView query={query}>
        {({ items }) => {
          const shown = items.filter((level) => matches(level, search, state)).toSorted(worstFirst)
          if (items.length === 0)
            return (
              <EmptyState title={t('empty.title')} action={create}>
                {t('empty.what')}
              </EmptyState>
            )
          return (
            <div className="md-stack">
              <div className="md-level-bar">
                <Select
                  aria-label={t('filter.state')}
                  value={state}
                  style={{ width: 180 }}
                  options={[
                    { value: ANY, label: t('filter.any') },
                    ...SERVICE_LEVEL_STATES.map((each) => ({ value: each, label: t(`states.${each}`) })),
                  ]}
                  onChange={(next) => setSearch({ state: next })}
                />
                <SearchBox
                  value={search}
                  placeholder={t('filter.search')}
                  onChange={(next) => setSearch({ search: next })}
                />
              </div>
              {shown.length === 0 ? <EmptyState title={t('filter.none')} /> : <LevelTable levels={shown} />}
              <p className="md-muted" role="status">
                {t('shown', { shown: shown.length, count: items.length })}
              </p>
            </div>
          )
        }}
      </QueryView>
      {rules && <RulesDialog onClose={() => setRules(false)} />}
    </Page>
  )
}

function LevelTable({ levels }: { levels: readonly ServiceLevelView[] }) {
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  const format = useFormat()
  const targetText = useTargetText()
  return (
    <section className="md-card">
      <table className="md-plain-table" aria-label={t('title')}>
        <thead>
          <tr>
            <th scope="col">{t('columns.name')}</th>
            <th scope="col">{t('columns.service')}</th>
            <th scope="col">{t('columns.target')}</th>
            <th scope="col">{t('columns.state')}</th>
            <th scope="col">{t('columns.good')}</th>
            <th scope="col">{t('columns.left')}</th>
            <th scope="col">{t('columns.burn')}</th>
          </tr>
        </thead>
        <tbody>
          {levels.map((level) => {
            const { namespace, name } = level.service
            const hour = level.burn.find(({ window }) => window === '1h')?.rate
            return (
              <tr key={level.name}>
                <td>
                  <AppLink place={serviceLevelPlaces.one(mesh, level.name)}>{level.name}</AppLink>
                </td>
                <td>
                  <AppLink place={places.service(mesh, namespace, name)}>{`${name}.${namespace}`}</AppLink>
                </td>
                <td>{targetText(level)}</td>
                <td>
                  <ServiceLevelState level={level} />
                  {level.missing.length > 0 && (
                    <div className="md-muted">{t('missing', { clusters: format.list(level.missing) })}</div>
                  )}
                </td>
                <td>{format.share(level.good)}</td>
                <td>{format.percent(level.budgetLeft)}</td>
                <td>{hour === undefined ? '–' : t('times', { rate: format.rate(hour) })}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function matches(level: ServiceLevelView, search: string, state: string): boolean {
  const { name, namespace } = level.service
  const text = `${level.name} ${name}.${namespace}`.toLowerCase()
  return (state === ANY || level.state === state) && text.includes(search.trim().toLowerCase())
}

const worstFirst = (a: ServiceLevelView, b: ServiceLevelView): number =>
  SERVICE_LEVEL_STATES.indexOf(a.state) - SERVICE_LEVEL_STATES.indexOf(b.state) || a.name.localeCompare(b.name)
