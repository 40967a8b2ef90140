import { CertificateAuthority, type KeyPair } from '@meshdeck/sandbox'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectMaterial, type TlsMaterial } from './inspect-material.ts'

const DAY_MS = 86_400_000
const now = new Date()
const lasting = (days: number) => ({ notBefore: new Date(+now - DAY_MS), notAfter: new Date(+now + days * DAY_MS) })

let authority: CertificateAuthority
let root: KeyPair
let shop: KeyPair
let other: KeyPair
let soon: KeyPair
let ended: KeyPair

beforeAll(async () => {
  authority = await CertificateAuthority.create('shop-authority')
  root = await authority.pair()
  shop = await authority.host(['shop.example.com', '*.shop.example.com'])
  other = await authority.host(['other.example.com'])
  soon = await authority.host(['soon.example.com'], lasting(29))
  ended = await authority.host(['ended.example.com'], {
    notBefore: new Date(+now - 9 * DAY_MS),
    notAfter: new Date(+now - DAY_MS),
  })
})

const inspect = (material: TlsMaterial) => inspectMaterial(material, now)
const codes = (material: TlsMaterial) => inspect(material).faults.map(({ code, at }) => (at ? `${code} ${at}` : code))

describe('certificates and their key', () => {
  it('are told by what is public of them', () => {
    const found = inspect({ certificate: shop.certificate + root.certificate, key: shop.key })
    expect(found).toMatchObject({ faults: [], notes: [], state: 'valid', notAfter: found.chain[0]?.notAfter })
    expect(found.chain).toMatchObject([
      {
        subject: 'CN=shop.example.com',
        names: ['shop.example.com', '*.shop.example.com'],
        issuer: 'CN=shop-authority',
        isAuthority: false,
        isSelfSigned: false,
        keyType: 'EC prime256v1',
      },
      { subject: 'CN=shop-authority', isAuthority: true, isSelfSigned: true },
    ])
  })

  it('are refused when they cannot be served, with what is at fault', () => {
    const { certificate, key } = shop
    expect(codes({})).toEqual(['certificate.missing', 'key.missing'])
    expect(codes({ certificate: 'no', key: 'no' })).toEqual(['certificate.notPem', 'key.notPem'])
    expect(codes({ certificate, key: other.key })).toEqual(['key.mismatch'])
    expect(codes({ certificate: root.certificate + certificate, key })).toEqual(['certificate.order 2'])
    expect(codes({ certificate: certificate + other.certificate, key })).toEqual(['certificate.order 2'])
    expect(codes({ certificate: certificate + key, key })).toEqual(['certificate.holdsKey'])
    expect(codes({ certificate: ended.certificate, key: ended.key })).toEqual(['certificate.expired 1'])
    expect(codes({ authority: 'no' })).toEqual(['authority.notPem'])
    const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'
    expect(codes({ certificate: request, key })).toEqual(['certificate.isRequest'])
    const locked = key.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY')
    expect(codes({ certificate, key: locked })).toEqual(['key.encrypted'])
  })

  it('of an authority alone need no key', () => {
    expect(inspect({ authority: root.certificate })).toMatchObject({ faults: [], notes: [], state: 'valid', chain: [] })
    expect(inspect({ authority: shop.certificate }).notes).toEqual(['noAuthority'])
  })

  it('are warned of thirty days before they end, and when nobody else has signed them', () => {
    expect(inspect({ certificate: soon.certificate, key: soon.key })).toMatchObject({ notes: ['soon'], state: 'soon' })
    expect(inspect({ certificate: root.certificate, key: root.key }).notes).toEqual(['selfSigned', 'noNames'])
  })

  it('are taken out of what stands around them', () => {
    const indented = (text: string) => `Bag Attributes\r\n    friendlyName: shop\r\n${text.replace(/^/gm, '    ')}`
    const { tidy, faults } = inspect({ certificate: indented(shop.certificate), key: indented(shop.key) })
    expect(faults).toEqual([])
    expect(tidy).toEqual({ certificate: shop.certificate, key: shop.key })
  })
})
