import type { ServiceView } from '@meshdeck/contract'
import { TagList } from '../../resource-kit/column-cell.tsx'

type Port = ServiceView['ports'][number]

/** `8080 http`, or `9000/UDP`: the port, and the protocol that Istio governs it by. */
export const portText = ({ port, protocol, appProtocol }: Port): string =>
  `${port}${protocol === 'TCP' ? '' : `/${protocol}`}${appProtocol === undefined ? '' : ` ${appProtocol}`}`

/** The ports of a service. */
export function ServicePorts({ ports }: { ports: readonly Port[] }) {
  return ports.length === 0 ? '–' : <TagList texts={ports.map(portText)} />
}
