import type { CandidateList, ClusterCandidate, JoinedCandidates } from '@meshdeck/contract'
import { isNamespaceName } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { places } from '../../lib/places.ts'
import { candidateQueries, suggestName, useJoinCandidates } from './candidate-queries.ts'

/** Clusters that others on the hub know: several are chosen, named and joined at once. */
export function CandidatesCard() {
  const { t } = useTranslation('joining')
  const query = useQuery(candidateQueries.list())
  return (
    <section className="md-card" aria-label={t('candidates.title')}>
      <header>
        <h2>{t('candidates.title')}</h2>
      </header>
      <div className="md-card-body md-stack">
        <p>{t('candidates.what')}</p>
        <QueryView query={query}>{(list) => <Candidates list={list} />}</QueryView>
      </div>
    </section>
  )
}

const keyOf = ({ source, ref }: ClusterCandidate): string => `${source} ${ref}`

function Candidates({ list: { sources, items } }: { list: CandidateList }) {
  const { t } = useTranslation('joining')
  const describe = useProblemText()
  const join = useJoinCandidates()
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const free = items.filter(({ joinedAs }) => joinedAs === undefined)
  const wanted = free.flatMap((item) => {
    const name = chosen.get(keyOf(item))
    return name === undefined ? [] : [{ source: item.source, ref: item.ref, name }]
  })
  const isReady = wanted.length > 0 && wanted.every(({ name }) => isNamespaceName(name))
  const choose = (item: ClusterCandidate, name: string | undefined) => {
    const next = new Map(chosen)
    if (name === undefined) next.delete(keyOf(item))
    else next.set(keyOf(item), name)
    setChosen(next)
  }
  const handleJoin = () => join.mutate({ items: wanted }, { onSuccess: () => setChosen(new Map()) })
  const failure = join.error && describe(join.error)
  const unseen = sources.flatMap(({ source, state }) => (state === 'listed' ? [] : [{ source, state }]))
  return (
    <>
      {unseen.map(({ source, state }) => (
        <Alert
          key={source}
          type={state === 'forbidden' ? 'warning' : 'info'}
          showIcon
          title={t(`candidates.states.${state}`, {
            source: t(`candidates.sources.${source}`),
          })}
        />
      ))}
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.detail ?? failure.hint} />}
      {join.data && <Results results={join.data.results} />}
      {items.length === 0 && unseen.length < sources.length && (
        <EmptyState title={t('candidates.none')}>{t('candidates.noneWhat')}</EmptyState>
      )}
      {items.length > 0 && (
        <>
          <table className="md-plain-table" aria-label={t('candidates.title')}>
            <thead>
              <tr>
                <th scope="col">{t('candidates.cluster')}</th>
                <th scope="col">{t('candidates.source')}</th>
                <th scope="col">{t('candidates.name')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <CandidateRow
                  key={keyOf(item)}
                  item={item}
                  name={chosen.get(keyOf(item))}
                  onName={(name) => choose(item, name)}
                />
              ))}
            </tbody>
          </table>
          <div className="md-buttons">
            <Button type="primary" disabled={!isReady} loading={join.isPending} onClick={handleJoin}>
              {t('candidates.join', { count: wanted.length })}
            </Button>
          </div>
        </>
      )}
    </>
  )
}

interface CandidateRowProps {
  item: ClusterCandidate
  /** Absent when it is not chosen. */
  name: string | undefined
  onName: (name: string | undefined) => void
}

function CandidateRow({ item, name, onName }: CandidateRowProps) {
  const { t } = useTranslation('joining')
  const { ref, source, displayName, version, joinedAs, obstacle } = item
  const isWrong = name !== undefined && !isNamespaceName(name)
  return (
    <tr>
      <th scope="row">
        <Checkbox
          checked={name !== undefined}
          disabled={joinedAs !== undefined || obstacle !== undefined}
          onChange={({ target }) => onName(target.checked ? suggestName(ref) : undefined)}
        >
          {ref}
        </Checkbox>
        {displayName !== undefined && <div className="md-muted">{displayName}</div>}
      </th>
      <td>
        {t(`candidates.sources.${source}`)}
        {version !== undefined && <div className="md-muted">Kubernetes {version}</div>}
      </td>
      <td>
        {joinedAs !== undefined && (
          <>
            {t('candidates.joined')} <AppLink place={places.cluster(joinedAs)}>{joinedAs}</AppLink>
          </>
        )}
        {joinedAs === undefined && obstacle !== undefined && t(`candidates.obstacles.${obstacle}`)}
        {name !== undefined && (
          <>
            <Input
              aria-label={t('candidates.nameOf', { ref })}
              value={name}
              autoComplete="off"
              {...(isWrong ? { status: 'error' as const, 'aria-invalid': true } : {})}
              onChange={({ target }) => onName(target.value)}
            />
            {isWrong && (
              <p role="alert" className="md-fault">
                {t(name === '' ? 'problems.nameMissing' : 'problems.nameInvalid')}
              </p>
            )}
          </>
        )}
      </td>
    </tr>
  )
}

/** What came of each that was to be joined. */
function Results({ results }: JoinedCandidates) {
  const { t } = useTranslation('joining')
  const describe = useProblemText()
  return results.map(({ name, problem }) => {
    if (problem === undefined)
      return (
        <Alert
          key={name}
          type="success"
          showIcon
          title={
            <>
              {t('done', { name })} <AppLink place={places.cluster(name)}>{name}</AppLink>
            </>
          }
        />
      )
    const { title, hint, detail } = describe(asError(problem))
    return <Alert key={name} type="error" showIcon title={`${name}: ${title}`} description={detail ?? hint} />
  })
}
