import type { ServiceView } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RowAction } from '../../components/row-menu.tsx'
import { accessCheck, useCans } from '../../lib/access.ts'
import { wizardPlaces } from '../../lib/wizard-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { useMayCreate } from '../../resource-kit/may-create.ts'

/** Rules that are begun with a service. */
const RULES = [
  'VirtualService',
  'DestinationRule',
  'PeerAuthentication',
  'RequestAuthentication',
  'AuthorizationPolicy',
] as const satisfies readonly KindId[]

/** What can be done about services: rules begun with one, wizards, its labels and protocols. Only what the reader may do. */
export function useServiceActions(rows: readonly ServiceView[]): (row: ServiceView) => RowAction[] {
  const { t } = useTranslation('service-actions')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const may = [
    useMayCreate('VirtualService'),
    useMayCreate('DestinationRule'),
    useMayCreate('PeerAuthentication'),
    useMayCreate('RequestAuthentication'),
    useMayCreate('AuthorizationPolicy'),
  ]
  const scopes = rows.flatMap(({ clusters, namespace }) => clusters.map((cluster) => ({ cluster, namespace })))
  const edits = useCans(scopes.map((place) => accessCheck('update', 'Service', place)))
  const mayEdit = (cluster: string, namespace: string): boolean =>
    edits[scopes.findIndex((each) => each.cluster === cluster && each.namespace === namespace)]?.allowed ?? false
  return (row) => {
    const { namespace, name, clusters } = row
    return [
      ...RULES.filter((_kind, at) => may[at]?.allowed).map((kind) => ({
        key: kind,
        label: t(`create.${kind}`),
        onClick: () => void navigate(places.kindCreate(mesh, kind, subjectOf(row))),
      })),
      ...(may.some(({ allowed }) => allowed)
        ? [
            {
              key: 'wizards',
              label: t('wizards'),
              onClick: () => void navigate(wizardPlaces.list(mesh, { service: `${namespace}/${name}` })),
            },
          ]
        : []),
      ...clusters
        .filter((cluster) => mayEdit(cluster, namespace))
        .map((cluster) => ({
          key: `edit ${cluster}`,
          label: t('edit', { cluster }),
          onClick: () => void navigate(places.objectEdit(mesh, { kind: 'Service', cluster, namespace, name })),
        })),
    ]
  }
}

/** A service as the form of a new rule takes it from the address. */
function subjectOf({ namespace, name, clusters, selector = {}, versions }: ServiceView): Record<string, string> {
  return {
    ...(clusters[0] === undefined ? {} : { cluster: clusters[0] }),
    namespace,
    service: name,
    labels: Object.entries(selector)
      .map(([label, value]) => `${label}=${value}`)
      .join(','),
    versions: versions.join(','),
  }
}
