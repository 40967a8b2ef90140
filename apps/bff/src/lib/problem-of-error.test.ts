import { ClusterUnreachableError, KubeconfigError, KubeStatusError } from '@meshdeck/kube-client'
import { describe, expect, it } from 'vitest'
import { problemOfError } from './problem-of-error.ts'

const statusError = (code: number, message: string, rest: object = {}): KubeStatusError =>
  new KubeStatusError({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message, ...rest }, code)

describe('the Problem of an error', () => {
  it('names the right that RBAC missed', () => {
    const message = 'pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "shop"'
    expect(problemOfError(statusError(403, message), 'alpha')).toMatchObject({
      code: 'forbidden',
      cluster: 'alpha',
      detail: message,
      missing: { verb: 'list', group: '', resource: 'pods', namespace: 'shop' },
    })
  })

  it.each([
    [400, 'admission webhook "validation.istio.io" denied the request: weight -1 < 0'],
    [403, 'admission webhook "x" denied the request without explanation'],
    [403, 'pods "x" is forbidden: violates PodSecurity "restricted:latest"'],
    [422, "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no"],
  ])('keeps the words of admission: %i %s', (code, message) => {
    expect(problemOfError(statusError(code, message))).toMatchObject({
      code: 'admission-denied',
      status: 422,
      detail: message,
    })
  })

  it('turns causes into fields', () => {
    const details = { causes: [{ field: 'spec.hosts', reason: 'FieldValueRequired', message: 'Required value' }] }
    expect(problemOfError(statusError(422, 'invalid', { reason: 'Invalid', details }))).toMatchObject({
      code: 'invalid-object',
      fields: [{ field: 'spec.hosts', message: 'Required value' }],
    })
  })

  it('keeps a cluster’s own words when its webhook is down', () => {
    const message = 'Internal error occurred: failed calling webhook "validation.istio.io": connection refused'
    expect(problemOfError(statusError(500, message))).toMatchObject({
      code: 'cluster-error',
      status: 502,
      detail: message,
    })
  })

  it('tells a cluster that is silent from one that is slow', () => {
    expect(problemOfError(new ClusterUnreachableError('refused', 'alpha', 'Cluster alpha refuses'))).toMatchObject({
      code: 'cluster-unreachable',
      status: 503,
      cluster: 'alpha',
      params: { reason: 'refused' },
    })
    expect(problemOfError(new ClusterUnreachableError('timeout', 'alpha', 'slow')).code).toBe('cluster-timeout')
  })

  it('names the field of a kubeconfig', () => {
    expect(problemOfError(new KubeconfigError('exec-not-allowed', 'users[0].user.exec', 'not allowed'))).toMatchObject({
      code: 'kubeconfig-invalid',
      fields: [{ field: 'users[0].user.exec' }],
      params: { code: 'exec-not-allowed' },
    })
  })

  it('keeps everything else to itself', () => {
    expect(problemOfError(new Error('password=hunter2'))).toEqual({
      type: 'about:blank',
      code: 'internal',
      title: expect.any(String),
      status: 500,
    })
    expect(JSON.stringify(problemOfError(Object.assign(new TypeError('secret'), { code: 'FST_ERR_X' })))).not.toContain(
      'secret',
    )
  })
})
