import type { InjectionAction, NamespaceView } from '@meshdeck/contract'

/** What can be set on a namespace that is not so already; Istio never injects where it says so itself. */
export function actionsFor({ policy, reason }: NamespaceView): InjectionAction[] {
  const all: InjectionAction[] = ['enable', 'disable', 'clear']
  const present: Record<NamespaceView['policy'], InjectionAction> = {
    enabled: 'enable',
    disabled: 'disable',
    unset: 'clear',
  }
  const never = reason === 'never-injected-namespace'
  return all.filter((action) => action !== present[policy] && !(never && action === 'enable'))
}
