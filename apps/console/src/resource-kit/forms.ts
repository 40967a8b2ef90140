import type { KubeResource, KindId } from '@meshdeck/kube'
import type { ComponentType } from 'react'
import type { Document } from 'yaml'

/** A fault of the input, told by the server or by the form itself. */
export interface FieldProblem {
  /** Dotted path: `spec.http[0].route`. */
  field: string
  message: string
  /** An error when absent. */
  severity?: 'error' | 'warning'
}

/** What a form gets. The YAML document is the one truth; the form shows it and edits it in place. */
export interface ResourceFormProps {
  /** Present content of the document. Read only. */
  value: KubeResource
  /**
   * Changes the document. Set the deepest path that changed (`document.setIn(['spec', 'http', 0, 'timeout'], '5s')`), so
   * that comments and fields which the form does not know stay.
   */
  onEdit: (edit: (document: Document) => void) => void
  scope: FormScope
  problems: readonly FieldProblem[]
}

export interface FormScope {
  mesh: string
  cluster: string
  /** With `edit`, name and namespace are fixed. */
  mode: 'create' | 'edit'
}

const forms = new Map<KindId, ComponentType<ResourceFormProps>>()

/** Gives a kind a form beside its YAML. Called by the app's wiring with a lazy component; the kit knows no feature. */
export function registerForm(kind: KindId, form: ComponentType<ResourceFormProps>): void {
  forms.set(kind, form)
}

/** The form of a kind, if it has one. */
export const formOf = (kind: KindId): ComponentType<ResourceFormProps> | undefined => forms.get(kind)
