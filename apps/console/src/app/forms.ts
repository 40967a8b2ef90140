import { lazy } from 'react'
import { registerForm } from '../resource-kit/forms.ts'

/** Which kinds have a form. The one place where the resource kit meets the features. */
export function registerForms(): void {
  registerForm(
    'Mesh',
    lazy(() => import('../features/meshes/mesh-form.tsx').then((module) => ({ default: module.MeshForm }))),
  )
  registerForm(
    'VirtualService',
    lazy(() =>
      import('../features/virtual-services/virtual-service-form.tsx').then((module) => ({
        default: module.VirtualServiceForm,
      })),
    ),
  )
}
