import { describe, expect, it } from 'vitest'
import { httpRoute, k8sGateway } from '../analysis/corpus/objects.ts'
import { gatewayAttachments, routeAttachments } from './attachments.ts'

const condition = (type: string, status: string, reason = type, message = '') => ({ type, status, reason, message })

describe('attachments', () => {
  it('of a route are told parent by parent, also where no controller has spoken', () => {
    const edge = { name: 'edge', sectionName: 'https' }
    const service = { group: '', kind: 'Service', name: 'reviews', port: 9080 }
    const route = httpRoute('r', { parentRefs: [edge, { name: 'gone', namespace: 'other' }, service] })
    const refused = condition('ResolvedRefs', 'False', 'BackendNotFound', 'no service cart')
    const status = {
      parents: [
        // As controllers complete what was left out.
        { parentRef: { ...edge, kind: 'Gateway', namespace: 'shop' }, conditions: [condition('Accepted', 'True')] },
        { parentRef: service, conditions: [condition('Accepted', 'True'), refused] },
      ],
    }
    expect(routeAttachments({ ...route, status })).toEqual([
      { place: 'Gateway shop/edge, https', state: 'attached', reasons: [] },
      { place: 'Gateway other/gone', state: 'pending', reasons: [] },
      {
        place: 'Service shop/reviews, 9080',
        state: 'refused',
        reasons: ['ResolvedRefs (BackendNotFound): no service cart'],
      },
    ])
  })

  it('of a gateway are told listener by listener, with their routes', () => {
    const gateway = k8sGateway('edge', { listeners: [{ name: 'http' }, { name: 'tls' }, { name: 'new' }] })
    const status = {
      conditions: [condition('Accepted', 'True'), condition('Programmed', 'Unknown')],
      listeners: [
        {
          name: 'http',
          attachedRoutes: 2,
          conditions: [condition('Conflicted', 'False'), condition('Programmed', 'True')],
        },
        { name: 'tls', attachedRoutes: 0, conditions: [condition('Conflicted', 'True', 'HostnameConflict', 'taken')] },
      ],
    }
    expect(gatewayAttachments({ ...gateway, status })).toEqual([
      { place: '', state: 'pending', reasons: [] },
      { place: 'http', state: 'attached', reasons: [], routes: 2 },
      { place: 'tls', state: 'refused', reasons: ['Conflicted (HostnameConflict): taken'], routes: 0 },
      { place: 'new', state: 'pending', reasons: [] },
    ])
  })
})
