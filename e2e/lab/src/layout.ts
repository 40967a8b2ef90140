import { join } from 'node:path'
import type { PersonName } from './people.ts'

/** Where things lie in a lab's directory. */
export function labPaths(dir: string) {
  const users = join(dir, 'users')
  return {
    kubeconfig: join(dir, 'kubeconfig'),
    tokens: join(dir, 'tokens.json'),
    lock: join(dir, 'lock.json'),
    etcdData: join(dir, 'etcd'),
    network: join(dir, 'network'),
    logs: join(dir, 'logs'),
    users,
    userKubeconfig: (name: PersonName) => join(users, `${name}.kubeconfig`),
    expiredKubeconfig: join(users, 'expired.kubeconfig'),
    clusterKubeconfig: (cluster: string) => join(dir, `${cluster}.kubeconfig`),
    log: (part: string, cluster?: string) =>
      join(dir, 'logs', cluster === undefined ? `${part}.log` : join(cluster, `${part}.log`)),
  } as const
}

/** Where the parts of one cluster keep what is theirs. */
export function clusterPaths(dir: string, cluster: string) {
  const home = join(dir, 'clusters', cluster)
  return {
    home,
    pki: join(home, 'pki'),
    egressConfig: join(home, 'egress.yaml'),
    egressSocket: join(home, 'egress.sock'),
    stages: join(home, 'stages.yaml'),
    prometheusConfig: join(home, 'prometheus.yml'),
    prometheusData: join(home, 'prometheus'),
    componentKubeconfig: (component: string) => join(home, `${component}.kubeconfig`),
  } as const
}
