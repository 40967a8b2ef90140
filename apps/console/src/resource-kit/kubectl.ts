import { HUB, kindOf, type KindId, type ResourceRef } from '@meshdeck/kube'

/** `virtualservices.networking.istio.io`: the full name, since several groups have a `gateways`. */
export function kubectlKind(id: KindId): string {
  const { plural, group } = kindOf(id)
  return group === '' ? plural : `${plural}.${group}`
}

/** What the hub's context is called only its owner knows. */
const scope = ({ cluster, namespace }: { cluster: string; namespace?: string | undefined }): string =>
  `--context ${cluster === HUB ? 'HUB' : quote(cluster)}${namespace === undefined ? '' : ` -n ${quote(namespace)}`}`

/** Names are checked before they get here; what a shell might still read in them is quoted. */
function quote(text: string): string {
  return /^[A-Za-z0-9._/=:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Commands that equal what the console does. */
export const kubectl = {
  get: (ref: ResourceRef) => `kubectl ${scope(ref)} get ${kubectlKind(ref.kind)} ${quote(ref.name)} -o yaml`,
  create: (ref: ResourceRef) => `kubectl ${scope(ref)} create -f ${quote(`${ref.name}.yaml`)}`,
  replace: (ref: ResourceRef) => `kubectl ${scope(ref)} replace -f ${quote(`${ref.name}.yaml`)}`,
  delete: (refs: readonly ResourceRef[]) =>
    refs.map((ref) => `kubectl ${scope(ref)} delete ${kubectlKind(ref.kind)} ${quote(ref.name)}`).join('\n'),
}
