import { describe, expect, it } from 'vitest'
import { importProblem } from './import-rules.ts'

describe('import rules', () => {
  it.each([
    [
      'apps/console/src/features/meshes/list.tsx',
      '../clusters/queries.ts',
      'feature meshes must not import feature clusters',
    ],
    [
      'apps/console/src/components/status.tsx',
      '../resource-kit/list.tsx',
      'console/components must not import console/resource-kit',
    ],
    ['apps/console/src/lib/api.ts', '@meshdeck/kube-client', 'console/lib must not import kube-client'],
    ['apps/bff/src/lib/views/mesh.ts', '../../plugins/session.ts', 'bff/lib must not import bff/plugins'],
    ['apps/bff/src/app.ts', '@meshdeck/controller', 'bff/app must not import controller'],
    ['packages/kube/src/names.ts', '@meshdeck/contract', 'kube must not import contract'],
    ['packages/mesh/src/index.ts', '@meshdeck/kube-client', 'mesh must not import kube-client'],
  ])('refuses %s importing %s', (file, specifier, problem) => {
    expect(importProblem(file, specifier)).toBe(problem)
  })

  it.each([
    ['apps/console/src/features/meshes/list.tsx', './model.ts'],
    ['apps/console/src/features/meshes/components/card.tsx', '../model.ts'],
    ['apps/console/src/app/router.tsx', '../features/meshes/list.tsx'],
    ['apps/bff/src/routes/api/v1/events.ts', '../../../lib/paging.ts'],
    ['packages/contract/src/paths.ts', '@meshdeck/kube'],
    ['packages/kube-client/src/reflector.lab.test.ts', '@meshdeck/lab'],
    ['apps/bff/src/routes/api/v1/resources.test.ts', '../../../app.ts'],
    ['apps/console/src/app/form-table.test.ts', '../../../../docs/forms.md?raw'],
    ['apps/console/src/main.tsx', 'react'],
  ])('lets %s import %s', (file, specifier) => {
    expect(importProblem(file, specifier)).toBeUndefined()
  })
})
