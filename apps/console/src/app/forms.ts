import { lazy } from 'react'
import type { DescribedKind } from '../features/istio-forms/descriptions.ts'
import { registerForm } from '../resource-kit/forms.ts'

const DESCRIBED: readonly DescribedKind[] = [
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'PeerAuthentication',
  'RequestAuthentication',
  'AuthorizationPolicy',
  'Sidecar',
  'Telemetry',
  'HTTPRoute',
  'K8sGateway',
]

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
  for (const kind of DESCRIBED) {
    registerForm(
      kind,
      lazy(() =>
        import('../features/istio-forms/described-form.tsx').then(({ describedForm }) => ({
          default: describedForm(kind),
        })),
      ),
    )
  }
}
