import { defineKind } from '../kind-definition.ts'

export const validatingWebhookConfiguration = defineKind({
  id: 'ValidatingWebhookConfiguration',
  kind: 'ValidatingWebhookConfiguration',
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural: 'validatingwebhookconfigurations',
  path: 'validating-webhook-configurations',
  namespaced: false,
  shortNames: [],
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [],
})
