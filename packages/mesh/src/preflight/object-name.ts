import type { KubeResource } from '@meshdeck/kube'

/** `namespace/name`, as checks name what they are about. */
export const objectName = ({ metadata }: Pick<KubeResource, 'metadata'>): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`
