import type { FindingView } from '@meshdeck/contract'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { IfAllowed } from '../../components/if-allowed.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { APP_PROTOCOLS, type repairsOf } from './repairs.ts'

export interface RepairsProps {
  finding: FindingView
  repairs: ReturnType<typeof repairsOf>
}

/** Links to the repairs of a finding, for those who may change the service: each opens in review. */
export function Repairs({ finding: { namespace, name }, repairs }: RepairsProps) {
  const { t } = useTranslation('service-edit')
  const { mesh } = useMeshScope()
  const [protocol, setProtocol] = useState<string>('http')
  return (
    <div className="md-buttons">
      {repairs.map(({ cluster, repair, like }) => {
        const place = places.objectEdit(mesh, { kind: 'Service', cluster, namespace, name })
        const search = {
          ...place.search,
          repair,
          ...(repair === 'protocol' ? { protocol } : {}),
          ...(like === undefined ? {} : { like }),
        }
        return (
          <IfAllowed key={`${repair} ${cluster}`} verb="update" kind="Service" {...{ cluster, namespace, name }}>
            {repair === 'protocol' && (
              <Select
                size="small"
                aria-label={t('repair.protocolOf', { name })}
                value={protocol}
                options={APP_PROTOCOLS.map((value) => ({ value, label: value }))}
                onChange={setProtocol}
              />
            )}
            <AppLink place={{ ...place, search }}>{t(`repair.${repair}`, { cluster, like })}</AppLink>
          </IfAllowed>
        )
      })}
    </div>
  )
}
