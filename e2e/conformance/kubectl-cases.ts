/** What kubectl is told to do with both clusters. A case is a run of commands in a namespace of its own. */

export interface Command {
  readonly args: readonly string[]
  /** Standard input: objects to apply. */
  readonly input?: unknown
  /** What stands for the editor of `kubectl edit`. */
  readonly editor?: string
  /** Only whether it went well is compared. */
  readonly codeOnly?: boolean
  /** Lines in any order. */
  readonly sorted?: boolean
}

export interface KubectlCase {
  readonly name: string
  readonly commands: readonly Command[]
}

const run = (text: string, options: Partial<Command> = {}): Command => ({ args: text.split(' '), ...options })
const apply = (input: unknown, ...flags: readonly string[]): Command => ({
  args: ['apply', ...flags, '-f', '-'],
  input,
})

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: '1', b: '2' } }

const web = (image: string): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }],
      },
    },
  },
})

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
}

const reviews = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews' },
  spec: {
    hosts: ['reviews'],
    http: [
      {
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
        ],
      },
    ],
  },
}

const IMAGE = 'lab.invalid/demo/web:v1'

export const KUBECTL_CASES: readonly KubectlCase[] = [
  {
    name: 'apply, get, label, annotate, patch, delete',
    commands: [
      apply(configMap),
      apply(configMap),
      run('get configmap settings -o jsonpath={.data}'),
      run('get configmaps settings --no-headers'),
      apply({ ...configMap, data: { a: '1', c: '3' } }),
      run('get configmap settings -o jsonpath={.data}'),
      run('label configmap settings tier=front'),
      run('label configmap settings tier=back'),
      run('label configmap settings tier=back --overwrite'),
      run('annotate configmap settings note=hello'),
      run('get configmap -l tier=back -o name'),
      run('patch configmap settings --type=merge -p {"data":{"a":null}}'),
      run('patch configmap settings --type=json -p [{"op":"add","path":"/data/d","value":"4"}]'),
      run('get configmap settings -o jsonpath={.data}'),
      run('delete configmap settings'),
      run('delete configmap settings'),
      run('get configmap settings'),
    ],
  },
  {
    name: 'edit, watch, and several objects at once',
    commands: [
      apply({ apiVersion: 'v1', kind: 'List', items: [configMap, service, reviews] }),
      apply({ apiVersion: 'v1', kind: 'List', items: [configMap, service, reviews] }, '--dry-run=server'),
      run('edit configmap settings', { editor: 'sed -i \'s/a: "1"/a: "7"/\'' }),
      run('get configmap settings -o jsonpath={.data}'),
      run('edit configmap settings', { editor: 'true' }),
      run('edit vs reviews', { editor: "sed -i 's/weight: 90/weight: 80/; s/weight: 10/weight: 20/'" }),
      run('get vs reviews -o jsonpath={.spec.http[0].route[*].weight}'),
      run('edit service web', { editor: "sed -i 's/port: 80$/port: 81/'" }),
      run('get service web -o jsonpath={.spec.ports[*].port}'),
      run('patch service web --type=strategic -p {"spec":{"ports":[{"port":82,"name":"more"}]}}'),
      run('get service web -o jsonpath={.spec.ports[*].port}'),
      run('get configmap settings --watch --request-timeout=2s -o name'),
      run('get services --watch --output-watch-events --request-timeout=2s -o name'),
      run('get configmap/settings service/web -o name'),
      run('delete service/web configmap/settings'),
    ],
  },
  {
    name: 'server-side apply and its conflicts',
    commands: [
      apply(configMap, '--server-side', '--field-manager=one'),
      apply({ ...configMap, data: { a: '9' } }, '--server-side', '--field-manager=two'),
      apply({ ...configMap, data: { a: '9' } }, '--server-side', '--field-manager=two', '--force-conflicts'),
      run('get configmap settings -o jsonpath={.data}'),
      run('get configmap settings -o jsonpath={.metadata.managedFields[*].manager} --show-managed-fields', {
        sorted: true,
      }),
    ],
  },
  {
    name: 'client-side apply taken over by the server',
    commands: [
      apply(web(IMAGE)),
      apply(web(IMAGE), '--server-side'),
      apply(web('lab.invalid/demo/web:v2'), '--server-side'),
      run('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}'),
    ],
  },
  {
    name: 'a Deployment from its first pod to its last',
    commands: [
      apply(web(IMAGE)),
      apply(service),
      run('rollout status deployment web --timeout=60s', { codeOnly: true }),
      run('wait --for=condition=Available deployment/web --timeout=30s'),
      run('get deployment web --no-headers'),
      run('get pods --no-headers -o custom-columns=S:.status.phase,R:.status.containerStatuses[0].ready'),
      run('get endpointslices -l kubernetes.io/service-name=web -o jsonpath={.items[0].ports[0].port}'),
      run('rollout restart deployment web'),
      run('rollout status deployment web --timeout=60s', { codeOnly: true }),
      run('rollout history deployment web'),
      run('scale deployment web --replicas=1'),
      run('rollout status deployment web --timeout=60s', { codeOnly: true }),
      run('get deployment web -o jsonpath={.status.readyReplicas}'),
      run('set image deployment/web web=lab.invalid/demo/web:v2'),
      run('rollout status deployment web --timeout=60s', { codeOnly: true }),
      run('rollout undo deployment web'),
      run('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}'),
      run('delete deployment web --cascade=foreground --timeout=60s'),
      run('get replicasets --no-headers'),
      run('wait --for=delete pod -l app=web --timeout=60s', { codeOnly: true }),
    ],
  },
  {
    name: 'Istio resources',
    commands: [
      apply(reviews),
      run('get virtualservices --no-headers'),
      run('get vs reviews -o jsonpath={.spec.http[0].route[*].weight}'),
      run('patch vs reviews --type=json -p [{"op":"replace","path":"/spec/http/0/route/0/weight","value":-5}]'),
      run('patch vs reviews --type=merge -p {"spec":{"hosts":["other"]}} --dry-run=server -o name'),
      run('get vs reviews -o jsonpath={.spec.hosts}'),
      { ...apply({ ...reviews, spec: { ...reviews.spec, nonsense: true } }), codeOnly: true },
      run('delete vs --all'),
    ],
  },
  {
    name: 'what may be done',
    commands: [
      run('auth can-i create pods'),
      run('auth can-i create pods --as nobody --as-group nobodies'),
      run('auth can-i list virtualservices.networking.istio.io --as nobody'),
      run('get configmaps --as nobody'),
      run('get nodes --as nobody'),
      run('auth whoami -o jsonpath={.status.userInfo.groups} --as nobody --as-group a --as-group b'),
    ],
  },
  {
    name: 'objects made by kubectl itself',
    commands: [
      run('create configmap made --from-literal=a=b'),
      run('create secret generic secret --from-literal=password=hunter2'),
      run('get secret secret -o jsonpath={.data}'),
      run('create serviceaccount robot'),
      run('create role reader --verb=get,list --resource=configmaps,pods'),
      run('create rolebinding readers --role=reader --serviceaccount=default:robot'),
      run('get role reader -o jsonpath={.rules}'),
      run('auth can-i list pods --as system:serviceaccount:default:robot'),
      run('create deployment made --image=lab.invalid/demo/made:v1 --replicas=0'),
      run('get deployment made -o jsonpath={.spec.template.spec.containers[0].name}'),
      run('create service clusterip made --tcp=80:8080'),
      run('get service made -o jsonpath={.spec.ports}'),
      run('expose deployment made --port=81 --name=exposed'),
      run('create namespace made --dry-run=server -o name'),
    ],
  },
  {
    name: 'what there is',
    commands: [
      run('api-resources --api-group=networking.istio.io --no-headers -o wide', { sorted: true }),
      run('api-resources --api-group=apps --no-headers', { sorted: true }),
      run('explain virtualservice.spec.http.route.weight --api-version=networking.istio.io/v1', { codeOnly: true }),
      run('explain deployment.spec.strategy.type', { codeOnly: true }),
      run('explain deployment.spec.nonsense'),
      run('get nonsense'),
      run('get namespace NS -o jsonpath={.status.phase}'),
    ],
  },
]
