import { FIELD_MANAGER } from '@meshdeck/kube'
import { consoleManager } from '@meshdeck/mesh'
import type { Caller } from './identity.ts'

/** An object tells who changed it by its field managers, so each caller writes under a name of their own. */
export function fieldManagerOf(caller: Caller): string {
  return caller.mode === 'local' ? FIELD_MANAGER : consoleManager(caller.user.name)
}
