import type { KindId } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadTemplate } from './template.ts'

const about = { service: 'reviews', labels: 'app=reviews,tier=back', versions: ['v1', 'v2'] }
const specOf = async (kind: KindId, subject = about) => parse(await loadTemplate(kind, 'shop', subject))

describe('a template', () => {
  it.each<[KindId, object]>([
    ['VirtualService', { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] }],
    [
      'DestinationRule',
      {
        host: 'reviews',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
    ],
    ['AuthorizationPolicy', { selector: { matchLabels: { app: 'reviews', tier: 'back' } } }],
    ['PeerAuthentication', { selector: { matchLabels: { app: 'reviews', tier: 'back' } }, mtls: { mode: 'STRICT' } }],
    ['RequestAuthentication', { selector: { matchLabels: { app: 'reviews', tier: 'back' } } }],
  ])('%s is about the service that is given', async (kind, spec) => {
    const { metadata, spec: filled } = await specOf(kind)
    expect(metadata).toEqual({ name: 'reviews', namespace: 'shop' })
    expect(filled).toMatchObject(spec)
  })

  it('has no subsets of a service without versions', async () => {
    expect((await specOf('DestinationRule', { ...about, versions: [] })).spec).toEqual({ host: 'reviews' })
  })

  it('keeps its comments, and is as it was without a service', async () => {
    expect(await loadTemplate('DestinationRule', 'shop', about)).toContain('# The service that this is about.')
    expect(parse(await loadTemplate('DestinationRule', 'shop')).metadata.name).toBe('')
  })
})
