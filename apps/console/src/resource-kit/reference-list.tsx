import type { ReferenceView } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { configPlaces } from '../lib/config-places.ts'
import { places, type Place } from '../lib/places.ts'

/** Kinds with pages of their own kind, below `/meshes/:mesh/:kind`. */
const CATEGORIES: readonly string[] = ['traffic', 'security', 'extensions', 'gateway-api']

/** Where an object that is referred to is shown; nowhere for workloads and accounts. */
export function placeOfReferred(mesh: string, object: ReferenceView['object']): Place | undefined {
  const kind = findKind(object.kind)
  const { cluster, name } = object
  if (kind === undefined) return undefined
  if (kind.id === 'Service') return places.service(mesh, object.namespace, name)
  if (kind.id === 'Secret') return configPlaces.tlsSecret(mesh, { cluster, namespace: object.namespace, name })
  if (!CATEGORIES.includes(kind.category)) return undefined
  return places.object(mesh, { kind: kind.id, cluster, namespace: object.namespace || undefined, name })
}

/** An object that is referred to, as a link where it has a page. */
export function ReferredLink({ object }: { object: ReferenceView['object'] }) {
  const { mesh } = useMeshScope()
  const place = placeOfReferred(mesh, object)
  return place === undefined ? object.name : <AppLink place={place}>{object.name}</AppLink>
}

/** References as a table: what the other is, and where in the object that refers it stands. */
export function ReferenceTable({ label, items }: { label: string; items: readonly ReferenceView[] }) {
  const { t } = useTranslation('references')
  return (
    <table className="md-plain-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('columns.name')}</th>
          <th scope="col">{t('columns.kind')}</th>
          <th scope="col">{t('columns.what')}</th>
          <th scope="col">{t('columns.path')}</th>
          <th scope="col">{t('columns.namespace')}</th>
          <th scope="col">{t('columns.cluster')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((each) => (
          <tr
            key={[each.object.cluster, each.object.kind, each.object.namespace, each.object.name, each.path].join(' ')}
          >
            <td>
              <ReferredLink object={each.object} />
            </td>
            <td>{findKind(each.object.kind)?.kind ?? each.object.kind}</td>
            <td>{t(`parts.${each.part}`, { name: each.name })}</td>
            <td>
              <code>{each.path}</code>
            </td>
            <td>{each.object.namespace || '–'}</td>
            <td>{each.object.cluster}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
