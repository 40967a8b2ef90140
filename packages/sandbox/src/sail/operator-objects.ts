import { istioCrds } from '../schema/builtin-data.ts'
import type { KubeObject } from '../kube-object.ts'
import { namespaceObject } from '../fleets/workload-objects.ts'
import { sailDefinitions } from './definitions.ts'

export const OPERATOR_NAMESPACE = 'sail-operator'
export const OPERATOR = 'sail-operator'

/** The operator as its chart installs it: its definitions and Istio's, and the Deployment that acts. */
export function sailOperatorObjects(): readonly KubeObject[] {
  const labels = {
    'control-plane': OPERATOR,
    'app.kubernetes.io/name': OPERATOR,
    'app.kubernetes.io/version': '1.30.3',
  }
  return [
    ...istioCrds(),
    ...sailDefinitions(),
    namespaceObject(OPERATOR_NAMESPACE, false),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: OPERATOR, namespace: OPERATOR_NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: OPERATOR, namespace: OPERATOR_NAMESPACE, labels },
      spec: {
        selector: { matchLabels: { 'control-plane': OPERATOR } },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: OPERATOR,
            containers: [{ name: OPERATOR, image: 'quay.io/sail-dev/sail-operator:1.30.3' }],
          },
        },
      },
    },
  ]
}
