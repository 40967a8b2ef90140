import { InjectionReason, ServiceReason } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import namespacesEn from '../locales/en-US/namespaces.json'
import servicesEn from '../locales/en-US/services.json'
import namespacesZh from '../locales/zh-CN/namespaces.json'
import servicesZh from '../locales/zh-CN/services.json'

describe.each([
  ['en-US', namespacesEn, servicesEn],
  ['zh-CN', namespacesZh, servicesZh],
])('texts of %s', (_locale, namespaces, services) => {
  it.each(Object.values(InjectionReason))('say why: %s', (reason) => {
    expect(namespaces.reasons).toHaveProperty([reason])
    expect(namespaces.short).toHaveProperty([reason])
  })
  it.each(Object.values(ServiceReason))('say what ails a service: %s', (reason) => {
    const keys = Object.keys(services.health.reasons)
    expect(keys.includes(reason) || keys.includes(`${reason}_other`)).toBe(true)
  })
})
