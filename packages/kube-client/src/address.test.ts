import { describe, expect, it } from 'vitest'
import { addressDenial, assertAddressAllowed, guardedLookup, type Lookup } from './address.ts'

const hostOf = (url: string): string => new URL(url).hostname
const resolvesTo =
  (...addresses: string[]): Lookup =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address })))

describe('addressDenial', () => {
  it.each([
    'https://169.254.169.254',
    'https://169.254.1.1',
    'https://2852039166',
    'https://0xa9fea9fe',
    'https://0251.0376.0251.0376',
    'https://169.254.43518',
    'https://[::ffff:169.254.169.254]',
    'https://[::ffff:a9fe:a9fe]',
    'https://[64:ff9b::a9fe:a9fe]',
    'https://[::169.254.169.254]',
    'https://[fe80::1]',
    'https://[fd00:ec2::254]',
    'https://[fd00:0ec2:0:0:0:0:0:254]',
    'https://100.100.100.200',
    'https://0.0.0.0',
    'https://0',
    'https://[::]',
    'https://224.0.0.1',
    'https://255.255.255.255',
    'https://metadata.google.internal',
    'https://METADATA.google.internal.',
    'https://①⑥⑨.②⑤④.169.254',
  ])('refuses %s, even where loopback is allowed', (url) => {
    expect(addressDenial(hostOf(url), { allowLoopback: true })).toBeDefined()
  })

  it.each([
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://[::1]',
    'https://[0:0:0:0:0:0:0:1]',
    'https://[::ffff:127.0.0.1]',
    'https://localhost',
    'https://LOCALHOST.',
    'https://api.localhost',
  ])('refuses loopback %s unless it is allowed', (url) => {
    expect(addressDenial(hostOf(url))).toMatch(/loopback/)
    expect(addressDenial(hostOf(url), { allowLoopback: true })).toBeUndefined()
  })

  it.each([
    'https://10.0.0.1',
    'https://192.168.1.10',
    'https://172.16.0.1',
    'https://100.100.100.201',
    'https://[fd00::1]',
    'https://[2001:db8::1]',
    'https://kubernetes.default.svc',
    'https://metadata.example.com',
  ])('lets %s through', (url) => {
    expect(addressDenial(hostOf(url))).toBeUndefined()
  })
})

describe('assertAddressAllowed', () => {
  it('refuses a name when any of its addresses is denied', async () => {
    const lookup = resolvesTo('10.0.0.1', '169.254.169.254')
    await expect(assertAddressAllowed('harmless.example', {}, lookup)).rejects.toThrow(
      'harmless.example resolves to 169.254.169.254 is a link-local',
    )
  })

  it('does not resolve what is an address already', async () => {
    const never: Lookup = () => Promise.reject(new Error('asked'))
    await expect(assertAddressAllowed('10.0.0.1', {}, never)).resolves.toBeUndefined()
    await expect(assertAddressAllowed('[2001:db8::1]', {}, never)).resolves.toBeUndefined()
  })
})

describe('guardedLookup', () => {
  const ask = (lookup: Lookup, options: { all?: boolean; family?: number }) =>
    new Promise((resolve) => {
      guardedLookup({}, lookup)('name.example', options, (error, address, family) =>
        resolve(error ? error.message : [address, family]),
      )
    })

  it('hands over what is allowed, in the form that was asked for', async () => {
    const lookup = resolvesTo('10.0.0.1', '2001:db8::1')
    expect(await ask(lookup, {})).toEqual(['10.0.0.1', 4])
    expect(await ask(lookup, { family: 6 })).toEqual(['2001:db8::1', 6])
    expect(await ask(lookup, { all: true })).toEqual([
      [
        { address: '10.0.0.1', family: 4 },
        { address: '2001:db8::1', family: 6 },
      ],
      undefined,
    ])
  })

  it('refuses what is denied at that moment, and says when there is nothing', async () => {
    expect(await ask(resolvesTo('127.0.0.1'), { all: true })).toMatch(/loopback/)
    expect(await ask(resolvesTo(), {})).toMatch(/no address/)
  })
})
