import { join } from 'node:path'
import { clusterPaths, labPaths } from './layout.ts'
import type { ProcessSpec } from './processes.ts'
import type { ClusterState, LabState } from './state.ts'

/** The processes of one cluster, in the order in which they can come up. */
export const PART_NAMES = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'istiod',
  'generator',
  'prometheus',
] as const

export type PartName = (typeof PART_NAMES)[number]

/** What a cluster without Istio has of these. */
const BARE_PARTS: readonly PartName[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok']

/** The parts of every cluster of a lab. */
export const partsOf = (lab: Pick<LabState, 'bare'>): readonly PartName[] => (lab.bare ? BARE_PARTS : PART_NAMES)

/** A process and how to see that it is ready to serve. */
export interface Part extends ProcessSpec {
  readonly healthUrl: string
}

type Lab = Pick<LabState, 'dir' | 'bare' | 'bin' | 'etcd' | 'networkPort' | 'startedAt' | 'clusters'>

/** The etcd that all clusters share; each has its own prefix in it. */
export function etcdPart(lab: Lab): Part {
  const clientUrl = `http://127.0.0.1:${lab.etcd.clientPort}`
  return {
    part: 'etcd',
    program: lab.bin.kube,
    args: [
      'etcd',
      `--data-dir=${labPaths(lab.dir).etcdData}`,
      `--client-url=${clientUrl}`,
      `--peer-url=http://127.0.0.1:${lab.etcd.peerPort}`,
    ],
    cwd: lab.dir,
    log: labPaths(lab.dir).log('etcd'),
    healthUrl: `${clientUrl}/health`,
  }
}

/** Plays the network, the load balancers and the istiods of clusters without Istio; see `network/`. */
export function networkPart(lab: Lab): Part {
  return {
    part: 'network',
    program: process.execPath,
    args: [join(import.meta.dirname, 'network/main.ts'), lab.dir],
    cwd: lab.dir,
    log: labPaths(lab.dir).log('network'),
    healthUrl: `http://127.0.0.1:${lab.networkPort}/istiods`,
  }
}

/** How a part of a cluster is started; the same at `up` and at every later `start`. */
export function clusterPart(lab: Lab, cluster: ClusterState, name: PartName): Part {
  const common = {
    part: name,
    cluster: cluster.name,
    cwd: clusterPaths(lab.dir, cluster.name).home,
    log: labPaths(lab.dir).log(name, cluster.name),
  }
  return { ...common, ...MAKERS[name](lab, cluster) }
}

type Making = Pick<Part, 'program' | 'args' | 'env' | 'healthUrl'>

const LEFT_OUT_CONTROLLERS = [
  'node-ipam-controller',
  'cloud-node-lifecycle-controller',
  'persistentvolume-binder-controller',
  'persistentvolume-attach-detach-controller',
  'persistentvolume-expander-controller',
]

const MAKERS: Readonly<Record<PartName, (lab: Lab, cluster: ClusterState) => Making>> = {
  'kube-apiserver': (lab, cluster) => {
    const pki = (file: string): string => join(clusterPaths(lab.dir, cluster.name).pki, file)
    return {
      program: lab.bin.kube,
      args: [
        'kube-apiserver',
        `--etcd-servers=http://127.0.0.1:${lab.etcd.clientPort}`,
        `--etcd-prefix=/${cluster.name}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        `--secure-port=${cluster.ports.apiserver}`,
        `--tls-cert-file=${pki('server.crt')}`,
        `--tls-private-key-file=${pki('server.key')}`,
        `--client-ca-file=${pki('ca.crt')}`,
        `--token-auth-file=${pki('tokens.csv')}`,
        // Without a front proxy CA the scheduler and the controller manager complain for ever.
        `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
        '--requestheader-allowed-names=front-proxy-client',
        '--requestheader-extra-headers-prefix=X-Remote-Extra-',
        '--requestheader-group-headers=X-Remote-Group',
        '--requestheader-username-headers=X-Remote-User',
        `--proxy-client-cert-file=${pki('front-proxy.crt')}`,
        `--proxy-client-key-file=${pki('front-proxy.key')}`,
        `--service-account-key-file=${pki('service-account.pub')}`,
        `--service-account-signing-key-file=${pki('service-account.key')}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--authorization-mode=RBAC',
        // 127.0.0.1 is no valid address of an endpoint, so nobody may publish it as one.
        '--endpoint-reconciler-type=none',
        '--allow-privileged=true',
        // The names of nodes are known to nobody.
        '--kubelet-preferred-address-types=InternalIP',
        '--profiling=false',
        ...(lab.bare ? [`--egress-selector-config-file=${clusterPaths(lab.dir, cluster.name).egressConfig}`] : []),
      ],
      healthUrl: `${cluster.apiUrl}/readyz`,
    }
  },

  'kube-controller-manager': (lab, cluster) => {
    const paths = clusterPaths(lab.dir, cluster.name)
    const kubeconfig = paths.componentKubeconfig('kube-controller-manager')
    return {
      program: lab.bin.kube,
      args: [
        'kube-controller-manager',
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${cluster.ports.controllerManager}`,
        '--use-service-account-credentials',
        `--service-account-private-key-file=${join(paths.pki, 'service-account.key')}`,
        `--root-ca-file=${join(paths.pki, 'ca.crt')}`,
        `--cluster-signing-cert-file=${join(paths.pki, 'ca.crt')}`,
        `--cluster-signing-key-file=${join(paths.pki, 'ca.key')}`,
        // There are no clouds and no disks here. The node lifecycle controller has to stay, or new
        // nodes keep their not-ready taint.
        `--controllers=*,${LEFT_OUT_CONTROLLERS.map((controller) => `-${controller}`).join(',')}`,
        '--leader-elect=false',
      ],
      healthUrl: `https://127.0.0.1:${cluster.ports.controllerManager}/healthz`,
    }
  },

  'kube-scheduler': (lab, cluster) => {
    const kubeconfig = clusterPaths(lab.dir, cluster.name).componentKubeconfig('kube-scheduler')
    return {
      program: lab.bin.kube,
      args: [
        'kube-scheduler',
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${cluster.ports.scheduler}`,
        '--leader-elect=false',
      ],
      healthUrl: `https://127.0.0.1:${cluster.ports.scheduler}/healthz`,
    }
  },

  kwok: (lab, cluster) => {
    const paths = clusterPaths(lab.dir, cluster.name)
    return {
      program: lab.bin.kwok,
      args: [
        `--kubeconfig=${paths.componentKubeconfig('kwok')}`,
        `--config=${paths.stages}`,
        '--manage-all-nodes=true',
        // Each cluster its own addresses, so that endpoints of two clusters can be told apart.
        `--cidr=10.${20 + lab.clusters.findIndex(({ name }) => name === cluster.name)}.0.1/16`,
        '--node-lease-duration-seconds=40',
        `--server-address=127.0.0.1:${cluster.ports.kwok}`,
        // Where the API server finds the kubelet of each node, for port-forward.
        '--node-ip=127.0.0.1',
        `--node-port=${cluster.ports.kwok}`,
      ],
      healthUrl: `http://127.0.0.1:${cluster.ports.kwok}/healthz`,
    }
  },

  istiod: (lab, cluster) => {
    const { ports } = cluster
    return {
      program: lab.bin.istio,
      args: [
        'istiod',
        'discovery',
        `--kubeconfig=${clusterPaths(lab.dir, cluster.name).componentKubeconfig('istiod')}`,
        '--domain=cluster.local',
        `--httpAddr=127.0.0.1:${ports.istiodHttp}`,
        `--httpsAddr=127.0.0.1:${ports.istiodWebhook}`,
        `--grpcAddr=127.0.0.1:${ports.istiodGrpc}`,
        `--secureGRPCAddr=127.0.0.1:${ports.istiodSecureGrpc}`,
        `--monitoringAddr=127.0.0.1:${ports.istiodMonitoring}`,
        '--ctrlz_address=127.0.0.1',
        `--ctrlz_port=${ports.istiodCtrlz}`,
      ],
      env: {
        POD_NAME: 'istiod-lab',
        POD_NAMESPACE: cluster.istio.namespace,
        SERVICE_ACCOUNT: 'istiod',
        REVISION: cluster.istio.revision,
        CLUSTER_ID: cluster.name,
        PILOT_CERT_PROVIDER: 'istiod',
        // Its webhooks are called by address, so its certificate has to be for this address.
        ISTIOD_CUSTOM_HOST: '127.0.0.1',
        ISTIOD_ADDR: 'istiod.istio-system.svc:15012',
        ENABLE_DEBUG_ON_HTTP: 'true',
        ENABLE_DEBUG_ENDPOINT_AUTH: 'false',
      },
      healthUrl: `${cluster.istiodDebugUrl}/ready`,
    }
  },

  generator: (lab, cluster) => ({
    program: process.execPath,
    args: [
      join(import.meta.dirname, 'generator.ts'),
      `--graph=${cluster.graph}`,
      `--cluster=${cluster.name}`,
      `--port=${cluster.ports.generator}`,
      `--since=${lab.startedAt}`,
    ],
    healthUrl: `${cluster.generatorUrl.replace(/\/metrics$/, '')}/healthz`,
  }),

  prometheus: (lab, cluster) => {
    const paths = clusterPaths(lab.dir, cluster.name)
    return {
      program: lab.bin.prometheus,
      args: [
        `--config.file=${paths.prometheusConfig}`,
        `--storage.tsdb.path=${paths.prometheusData}`,
        '--storage.tsdb.retention.time=1d',
        `--web.listen-address=127.0.0.1:${cluster.ports.prometheus}`,
        '--web.enable-lifecycle',
        '--log.level=warn',
      ],
      healthUrl: `${cluster.prometheusUrl}/-/ready`,
    }
  },
}
