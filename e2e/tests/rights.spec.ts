import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const FRONTEND = `/api/v1/clusters/${HUB_CLUSTER}/resources/virtual-services/shop/frontend`

test('a viewer sees everything and no button to change it', async ({ pageOf }) => {
  const page = await pageOf('viewer')
  await page.goto(`/meshes/${MESH}/virtual-services`)
  await expect(page.getByRole('link', { name: 'frontend' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Create' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Create' })).toHaveCount(0)

  await page.getByRole('link', { name: 'frontend' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /frontend/ })).toBeVisible()
  for (const name of [/^Edit/, /^Delete/]) {
    await expect(page.getByRole('button', { name })).toHaveCount(0)
    await expect(page.getByRole('link', { name })).toHaveCount(0)
  }
})

test('a viewer who edits all the same is told which right is missing', async ({ pageOf }) => {
  const page = await pageOf('viewer')
  const read = await page.request.get(FRONTEND)
  expect(read.status()).toBe(200)
  const refused = await page.request.put(FRONTEND, { data: await read.json(), headers: { 'x-meshdeck-csrf': '1' } })
  expect(refused.status()).toBe(403)
  expect(await refused.json()).toMatchObject({
    code: 'forbidden',
    cluster: HUB_CLUSTER,
    missing: { verb: 'update', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'shop' },
  })

  await page.goto(`/meshes/${MESH}/virtual-services/shop/frontend/-edit?cluster=${HUB_CLUSTER}`)
  await expect(page.getByText('virtualservices.networking.istio.io')).toBeVisible()
  await expect(page.getByText('update', { exact: true })).toBeVisible()
})

test('a nobody sees nothing', async ({ pageOf }) => {
  const page = await pageOf('nobody')
  await page.goto('/meshes')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(MESH)).toHaveCount(0)
  for (const path of ['/api/v1/meshes', '/api/v1/clusters']) {
    const answer = await page.request.get(path)
    expect(JSON.stringify(await answer.json())).not.toContain(MESH)
  }
})

test('no frame of the event stream names an object that its reader may not list', async ({ pageOf, baseURL }) => {
  const name = `seen-${process.pid}`
  const frames = { editor: '', nobody: '' }
  const streams: AbortController[] = []
  for (const person of ['editor', 'nobody'] as const) {
    const page = await pageOf(person)
    const cookies = (await page.context().cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')
    const stop = new AbortController()
    streams.push(stop)
    const response = await fetch(new URL('/api/v1/events', baseURL), {
      headers: { cookie: cookies },
      signal: stop.signal,
    })
    expect(response.status).toBe(200)
    void collect(response, (text) => {
      frames[person] += text
    })
    await expect.poll(() => frames[person]).toContain('ready')
  }
  try {
    await kubectl(['create', '-n', 'shop', '-f', '-'], { input: serviceEntry(name) })
    await expect.poll(() => frames.editor, { timeout: 10_000 }).toContain(`"name":"${name}"`)
    await kubectl(['delete', '-n', 'shop', 'serviceentry', name])
    // The other has had the same time for it: what the first may see of the deletion has arrived.
    await expect.poll(() => frames.editor, { timeout: 10_000 }).toMatch(new RegExp(`"op":"deleted"[^}]*"${name}"`))
    expect(frames.nobody).not.toContain('ServiceEntry')
    expect(frames.nobody).not.toContain(name)
    expect(frames.nobody).not.toContain('shop')
  } finally {
    for (const stop of streams) stop.abort()
    await kubectl(['delete', '-n', 'shop', 'serviceentry', name, '--ignore-not-found'])
  }
})

async function collect(response: Response, onText: (text: string) => void): Promise<void> {
  if (!response.body) return
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body) onText(decoder.decode(chunk, { stream: true }))
  } catch {
    // Aborted when the journey ends.
  }
}

function serviceEntry(name: string): string {
  return JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name },
    spec: {
      hosts: [`${name}.example`],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    },
  })
}
