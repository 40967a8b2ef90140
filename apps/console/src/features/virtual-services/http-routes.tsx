import ArrowDownOutlined from '@ant-design/icons/es/icons/ArrowDownOutlined'
import ArrowUpOutlined from '@ant-design/icons/es/icons/ArrowUpOutlined'
import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { appendAt, moveAt, removeAt, setAt } from '../../resource-kit/form/document-edits.ts'
import { Fields } from '../../resource-kit/form/fields.tsx'
import { useForm } from './form-context.ts'
import { ROUTE_FIELDS } from './route-fields.ts'
import { Notes } from '../../resource-kit/form/form-field.tsx'
import { RouteDestinations } from './route-destinations.tsx'
import { RouteLimits } from './route-limits.tsx'
import { RouteMatches } from './route-matches.tsx'
import type { RouteView } from './virtual-service-view.ts'

const ROUTES = ['spec', 'http'] as const
const SHOWN = ['name', 'match', 'route', 'timeout', 'retries']

/** The HTTP routes in the order in which they are tried. */
export function HttpRoutes({ routes, host }: { routes: readonly RouteView[]; host: string }) {
  const { t } = useTranslation('virtual-services')
  const { edit, notesAt } = useForm()
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<number>()
  const [moved, setMoved] = useState<{ to: number; direction: 'up' | 'down'; words: string }>()

  // The button that was pressed now belongs to the route's neighbour: focus goes along with the route.
  useEffect(() => {
    if (!moved) return
    const buttons = list.current?.children[moved.to]?.querySelectorAll<HTMLButtonElement>('[data-move]')
    const wanted = [...(buttons ?? [])].toSorted((a) => (a.dataset['move'] === moved.direction ? -1 : 1))
    wanted.find((button) => !button.disabled)?.focus()
  }, [moved])

  const handleMove = (from: number, to: number) => {
    if (from === to) return
    const direction = to < from ? 'up' : 'down'
    edit((document) => moveAt(document, ROUTES, from, to))
    const name = routes[from]?.name || t('routes.nameless')
    setMoved({ to, direction, words: t('routes.moved', { name, place: to + 1, count: routes.length }) })
  }

  return (
    <section className="md-stack" aria-label={t('routes.title')}>
      <header className="md-form-routes-head">
        <h3>{t('routes.title')}</h3>
        <span className="md-muted">{t('routes.order')}</span>
      </header>
      <p className="md-visually-hidden" role="status">
        {moved?.words}
      </p>
      <ol className="md-stack" ref={list}>
        {routes.map((route, at) => (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- where the mouse drops; the buttons do the same for everybody
          <li
            // oxlint-disable-next-line react/no-array-index-key -- elements of a YAML list have no identity but their place
            key={at}
            className="md-form-route"
            onDragOver={(event) => dragged !== undefined && event.preventDefault()}
            onDrop={() => {
              if (dragged !== undefined) handleMove(dragged, at)
              setDragged(undefined)
            }}
          >
            <header>
              {/* For the mouse; the buttons beside it do the same for everybody. */}
              <span
                className="md-form-place"
                aria-hidden="true"
                title={t('routes.drag')}
                draggable={routes.length > 1}
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move'
                  setDragged(at)
                }}
                onDragEnd={() => setDragged(undefined)}
              >
                {at + 1}
              </span>
              <Input
                className="md-form-route-name"
                aria-label={t('routes.name', { place: at + 1 })}
                value={route.name}
                placeholder={t('routes.nameless')}
                spellCheck={false}
                autoComplete="off"
                onChange={({ target }) =>
                  edit((document) =>
                    target.value === ''
                      ? document.deleteIn([...ROUTES, at, 'name'])
                      : setAt(document, [...ROUTES, at, 'name'], target.value),
                  )
                }
              />
              <Button
                type="text"
                data-move="up"
                icon={<ArrowUpOutlined aria-hidden />}
                disabled={at === 0}
                aria-label={t('routes.up', { place: at + 1 })}
                title={t('routes.up', { place: at + 1 })}
                onClick={() => handleMove(at, at - 1)}
              />
              <Button
                type="text"
                data-move="down"
                icon={<ArrowDownOutlined aria-hidden />}
                disabled={at === routes.length - 1}
                aria-label={t('routes.down', { place: at + 1 })}
                title={t('routes.down', { place: at + 1 })}
                onClick={() => handleMove(at, at + 1)}
              />
              <Button
                type="text"
                icon={<DeleteOutlined aria-hidden />}
                aria-label={t('routes.remove', { place: at + 1 })}
                title={t('routes.remove', { place: at + 1 })}
                onClick={() => edit((document) => removeAt(document, [...ROUTES, at], 1))}
              />
            </header>
            <Notes notes={notesAt(`spec.http[${at}]`)} />
            <RouteMatches route={route} at={at} />
            <RouteDestinations route={route} at={at} />
            <RouteLimits route={route} at={at} />
            <Fields specs={ROUTE_FIELDS} at={[...ROUTES, at]} value={route.raw} elsewhere={SHOWN} />
          </li>
        ))}
      </ol>
      <Notes notes={notesAt('spec.http')} />
      <div className="md-form-actions">
        <Button
          icon={<PlusOutlined aria-hidden />}
          onClick={() => edit((document) => appendAt(document, ROUTES, { route: [{ destination: { host } }] }))}
        >
          {t('routes.add')}
        </Button>
      </div>
    </section>
  )
}
