import { defineKind } from '../kind-definition.ts'

export const mutatingWebhookConfiguration = defineKind({
  id: 'MutatingWebhookConfiguration',
  kind: 'MutatingWebhookConfiguration',
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'mutatingwebhookconfigurations',
  path: 'mutating-webhook-configurations',
  namespaced: false,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: true,
  columns: [],
})
