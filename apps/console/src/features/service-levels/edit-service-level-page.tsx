import { HUB } from '@meshdeck/kube'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { EditResource } from '../../resource-kit/edit-resource.tsx'
import { ServiceLevelForm } from './service-level-form.tsx'

const schema = searchSchema({ view: param.oneOf(['form', 'yaml'], 'form') })

/** The record of one promise. */
export function EditServiceLevelPage({ name }: { name: string }) {
  const [{ view }, setSearch] = usePageSearch(schema)
  return (
    <EditResource
      key={name}
      target={{ cluster: HUB, kind: 'ServiceLevel', name }}
      form={ServiceLevelForm}
      view={view}
      onView={(next) => setSearch({ view: next }, { replace: true })}
    />
  )
}
