import { HUB, MESHDECK_API_VERSION } from '@meshdeck/kube'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { LoadingState } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { printYaml } from '../../resource-kit/draft.ts'
import { MissingRight } from '../../resource-kit/missing-right.tsx'
import { ResourceEditor } from '../../resource-kit/resource-editor.tsx'
import { ServiceLevelForm } from './service-level-form.tsx'

const schema = searchSchema({ view: param.oneOf(['form', 'yaml'], 'form'), service: param.text() })

/** A new promise, begun with the service that one comes from. */
export function CreateServiceLevelPage() {
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  const [{ view, service }, setSearch] = usePageSearch(schema)
  const right = useCan('create', 'ServiceLevel', { cluster: HUB })
  // What is typed must not begin anew when the address changes.
  const [initialText] = useState(() => startingText(mesh, service))
  if (right.pending || !right.allowed)
    return (
      <Page title={t('create')}>
        {right.pending ? <LoadingState /> : <MissingRight verb="create" kind="ServiceLevel" cluster={HUB} />}
      </Page>
    )
  return (
    <ResourceEditor
      kind="ServiceLevel"
      cluster={HUB}
      opened={undefined}
      initialText={initialText}
      form={ServiceLevelForm}
      view={view}
      onView={(next) => setSearch({ view: next }, { replace: true })}
    />
  )
}

function startingText(mesh: string, service: string): string {
  const [namespace = '', name = ''] = service.split('/')
  return printYaml({
    apiVersion: MESHDECK_API_VERSION,
    kind: 'ServiceLevel',
    metadata: { name: name === '' ? 'availability' : `${name}-availability` },
    spec: {
      mesh,
      service: { namespace, name },
      indicator: { type: 'Availability' },
      objective: 99.9,
      windowDays: 28,
    },
  })
}
