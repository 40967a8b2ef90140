import type { KubeResource } from '@meshdeck/kube'

/**
 * An object as the sandbox keeps it. Once it is in the store it is never changed in place: who wants another one makes
 * a copy that may share any part of the old one. Twenty thousand pods of one template share that template.
 */
export type KubeObject = KubeResource

/** `group/plural`, or `plural` alone in the core group: what a kind is stored and granted by, whatever the version. */
export type ResourceKey = string

export function resourceKey(group: string, plural: string): ResourceKey {
  return group === '' ? plural : `${group}/${plural}`
}
