// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { mount, unmount } from './mount.tsx'
import { openConsole } from './app/pages/testing/open-console.ts'

const tokens: (string | null)[] = []
const server = setupServer(
  http.get('*/api/v1/events', () => new HttpResponse(null, { status: 403 })),
  http.get('*/api/v1/session', ({ request }) => {
    tokens.push(request.headers.get('authorization'))
    return HttpResponse.json({ mode: 'bearer', user: { name: 'anna', groups: [] }, version: '9.9.9' })
  }),
  http.post('*/api/v1/access', () => HttpResponse.json({ results: [] })),
)
beforeAll(() => server.listen())
afterEach(() => tokens.splice(0))
afterAll(() => server.close())

const styles = () => document.head.querySelectorAll('style').length

it('stands in its container, takes over changed props, and leaves nothing', async () => {
  document.title = 'Host'
  const before = styles()
  const close = openConsole('/settings')
  expect(await screen.findByText('9.9.9')).toBeTruthy()
  expect(document.title).toBe('Host')
  const container = document.body.lastElementChild
  if (!container) throw new Error('no container')
  expect(document.body.querySelectorAll('.meshdeck')).toHaveLength(1)
  expect(container.querySelector('.meshdeck')).not.toBeNull()

  mount(container, { basePath: '/', locale: 'zh-CN', theme: 'dark' })
  expect(await screen.findByRole('heading', { level: 1, name: '设置' })).toBeTruthy()
  expect(container.querySelector('.meshdeck')?.getAttribute('data-theme')).toBe('dark')

  close()
  await waitFor(() => expect(document.body.querySelector('.meshdeck')).toBeNull())
  expect(styles()).toBe(before)
})

it('asks as the host’s user, and offers no way to sign out', async () => {
  window.history.replaceState(null, '', '/settings')
  const container = document.createElement('div')
  document.body.append(container)
  mount(container, { basePath: '/', locale: 'en-US', theme: 'light', token: () => 'of-the-host' })
  expect(await screen.findByText('9.9.9')).toBeTruthy()
  expect(new Set(tokens)).toEqual(new Set(['Bearer of-the-host']))
  expect(screen.queryByRole('button', { name: 'Switch between light and dark' })).toBeNull()
  unmount(container)
  expect(container.childElementCount).toBe(0)
  container.remove()
})
