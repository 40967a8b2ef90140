// @vitest-environment jsdom
import type { FindingPage } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi } from './testing/fake-api.ts'
import { openConsole } from './testing/open-console.ts'

const WEB: KubeResource = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'web',
    namespace: 'shop',
    annotations: { 'example.org/unheard': 'of' },
    unheardOf: { in: 'metadata' },
  },
  spec: {
    hosts: ['web'],
    unheardOf: { in: 'spec' },
    http: [
      {
        fault: { abort: { httpStatus: 503 } },
        route: [
          { destination: { host: 'web', subset: 'v1' }, weight: 90 },
          { destination: { host: 'web', subset: 'v2' }, weight: 10 },
        ],
      },
    ],
  },
}
const api = createFakeApi()
let close: () => void = () => undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

/** Opens the form on `web` and changes its weights to 50/50. */
async function openAndSplit(): Promise<void> {
  close = openConsole('/meshes/shop/virtual-services/shop/web/-edit?cluster=alpha')
  await screen.findAllByLabelText('Weight')
  for (const at of [0, 1]) {
    const field = screen.getAllByLabelText('Weight')[at]
    if (field) fireEvent.change(field, { target: { value: '50' } })
  }
}
const review = async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Review' }))
  return screen.findByRole('region', { name: 'Checks' })
}
const weightsOf = (written: KubeResource | undefined): unknown => JSON.stringify(written?.spec).match(/"weight":\d+/g)

describe('editor of an object', { timeout: 60_000 }, () => {
  it('asks the server first, then writes what was reviewed, with all that nobody has heard of', async () => {
    const opened = api.keep('virtual-services', WEB)
    await openAndSplit()
    expect(screen.getByLabelText<HTMLInputElement>('HTTP status').value).toBe('503')
    expect(screen.getByText('Also set in YAML, and kept: unheardOf')).toBeTruthy()
    const checks = await review()
    await within(checks).findByText('The API server and istiod accept it (dry run)')
    expect(api.writes.map((write) => write.dryRun)).toEqual([true])
    await userEvent.click(screen.getByRole('button', { name: 'Apply' }))
    await screen.findByText(/was changed in alpha/)
    const [asked, written] = api.writes
    expect(written).toMatchObject({ method: 'PUT', dryRun: false })
    expect(written?.body).toEqual(asked?.body)
    expect(weightsOf(written?.body)).toEqual(['"weight":50', '"weight":50'])
    expect(written?.body).toMatchObject({
      metadata: {
        annotations: { 'example.org/unheard': 'of' },
        unheardOf: { in: 'metadata' },
        resourceVersion: opened.metadata.resourceVersion,
      },
      spec: { unheardOf: { in: 'spec' }, http: [{ fault: { abort: { httpStatus: 503 } } }] },
    })
  })

  it('shows a refusal in istiod’s own words, and nothing can be applied', async () => {
    api.keep('virtual-services', WEB)
    api.state.refuse = () => ({
      type: 'about:blank',
      code: 'invalid-object',
      title: 'Refused',
      status: 422,
      detail: 'configuration is invalid: total destination weight = 0',
      fields: [{ field: 'spec.http[0].route[1].weight', message: 'too light' }],
    })
    await openAndSplit()
    const checks = await review()
    await within(checks).findByText('configuration is invalid: total destination weight = 0')
    expect(within(checks).getByText('spec.http[0].route[1].weight')).toBeTruthy()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled).toBe(true)
    // Back in the form, the words stand at the field.
    await userEvent.click(screen.getByRole('button', { name: 'Back' }))
    const field = (await screen.findAllByLabelText('Weight'))[1]
    const notes = document.getElementById(field?.getAttribute('aria-describedby') ?? '')
    expect(notes?.textContent).toContain('too light')
    expect(api.writes.every((write) => write.dryRun)).toBe(true)
  })

  it('passes on what admission warns of', async () => {
    api.keep('virtual-services', WEB)
    api.state.warnings = ['unknown field "spec.unheardOf"']
    await openAndSplit()
    const checks = await review()
    expect(await within(checks).findByText('Warning: unknown field "spec.unheardOf"')).toBeTruthy()
  })

  it('shows both versions when somebody wrote meanwhile, and puts mine onto theirs', async () => {
    api.keep('virtual-services', WEB)
    await openAndSplit()
    api.keep('virtual-services', { ...WEB, metadata: { ...WEB.metadata, labels: { team: 'a' } } })
    const checks = await review()
    await within(checks).findByText(/Somebody changed it since you opened it/)
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled).toBe(true)
    await userEvent.click(within(checks).getByRole('button', { name: 'Compare' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText('Both touched different fields: your changes fit onto theirs.')).toBeTruthy()
    await userEvent.click(within(dialog).getByRole('button', { name: 'Put mine onto theirs' }))
    await within(await review()).findByText('The API server and istiod accept it (dry run)')
    await userEvent.click(screen.getByRole('button', { name: 'Apply' }))
    await screen.findByText(/was changed in alpha/)
    const written = api.writes.at(-1)?.body
    expect(written?.metadata.labels).toEqual({ team: 'a' })
    expect(weightsOf(written)).toEqual(['"weight":50', '"weight":50'])
  })

  it('tells of a version that comes while an older one is being compared', async () => {
    api.keep('virtual-services', WEB)
    await openAndSplit()
    api.keep('virtual-services', { ...WEB, metadata: { ...WEB.metadata, labels: { team: 'a' } } })
    await userEvent.click(await within(await review()).findByRole('button', { name: 'Compare' }))
    const dialog = await screen.findByRole('dialog')
    api.keep('virtual-services', { ...WEB, metadata: { ...WEB.metadata, labels: { team: 'b' } } })
    api.notify({
      type: 'change',
      op: 'modified',
      cluster: 'alpha',
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'web',
    })
    // Behind the dialog the review has noticed, too; what the dialog shows stays until it is answered.
    await userEvent.click(within(dialog).getByRole('button', { name: 'Put mine onto theirs' }))
    expect(await screen.findByText(/Somebody changed this object meanwhile/)).toBeTruthy()
  })

  it('keeps my version aside when theirs is taken', async () => {
    api.keep('virtual-services', WEB)
    await openAndSplit()
    api.keep('virtual-services', { ...WEB, metadata: { ...WEB.metadata, labels: { team: 'a' } } })
    await userEvent.click(await within(await review()).findByRole('button', { name: 'Compare' }))
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Take theirs' }))
    await waitFor(() =>
      expect(screen.getAllByLabelText<HTMLInputElement>('Weight').map((field) => field.value)).toEqual(['90', '10']),
    )
    await userEvent.click(screen.getByRole('button', { name: 'Bring it back' }))
    await waitFor(() =>
      expect(screen.getAllByLabelText<HTMLInputElement>('Weight').map((field) => field.value)).toEqual(['50', '50']),
    )
  })

  it('asks before what was typed is left behind, and loses nothing on the way between form and YAML', async () => {
    const user = userEvent.setup()
    api.keep('virtual-services', WEB)
    await openAndSplit()
    await user.click(screen.getByText('YAML'))
    expect(window.location.pathname).toBe('/meshes/shop/virtual-services/shop/web/-yaml')
    await user.click(screen.getByText('Form'))
    expect(screen.getAllByLabelText<HTMLInputElement>('Weight').map((field) => field.value)).toEqual(['50', '50'])
    await user.click(screen.getByRole('link', { name: 'Destination rules' }))
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByRole('button', { name: 'Stay' }))
    expect(window.location.pathname).toBe('/meshes/shop/virtual-services/shop/web/-edit')
    await user.click(screen.getByRole('link', { name: 'Destination rules' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Leave' }))
    expect(await screen.findByText('Destination rules: none yet')).toBeTruthy()
  })

  it('follows a newer version by itself while nothing was typed', async () => {
    api.keep('virtual-services', WEB)
    close = openConsole('/meshes/shop/virtual-services/shop/web/-edit?cluster=alpha')
    await screen.findAllByLabelText('Weight')
    api.keep('virtual-services', { ...WEB, spec: { hosts: ['web'], http: [{ timeout: '7s' }] } })
    api.notify({
      type: 'change',
      op: 'modified',
      cluster: 'alpha',
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'web',
    })
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Timeout').value).toBe('7s'))
    expect(screen.queryByText(/Somebody changed this object/)).toBeNull()
  })

  it('names the missing right to those who may only look', async () => {
    api.keep('virtual-services', WEB)
    api.state.may = ({ verb }) => verb !== 'update'
    close = openConsole('/meshes/shop/virtual-services/shop/web/-edit?cluster=alpha')
    expect(await screen.findByText('virtualservices.networking.istio.io')).toBeTruthy()
    expect(screen.getByText('update')).toBeTruthy()
    expect(screen.queryByLabelText('Weight')).toBeNull()
  })
})

describe('taking over an object from a cluster whose configuration nobody reads', { timeout: 60_000 }, () => {
  it('begins a new one with it, without what belongs to the old one', async () => {
    api.server.use(
      http.get('*/api/v1/clusters/beta/resources/virtual-services/shop/web', () =>
        HttpResponse.json({
          ...WEB,
          metadata: {
            ...WEB.metadata,
            uid: 'beta-1',
            resourceVersion: '77',
            ownerReferences: [{ kind: 'Thing', name: 'a', uid: 'u' }],
            annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
          },
        }),
      ),
    )
    close = openConsole('/meshes/shop/virtual-services/-create?cluster=alpha&from=beta/shop/web')
    const checks = await (async () => {
      await screen.findAllByLabelText('Weight', undefined, { timeout: 20_000 })
      return review()
    })()
    await within(checks).findByText('The API server and istiod accept it (dry run)')
    await userEvent.click(screen.getByRole('button', { name: 'Apply' }))
    await screen.findByText(/was created in alpha/)
    expect(api.writes.at(-1)).toMatchObject({ method: 'POST', dryRun: false })
    expect(api.writes.at(-1)?.body.metadata).toEqual({ name: 'web', namespace: 'shop', unheardOf: { in: 'metadata' } })
    expect(api.writes.at(-1)?.body.spec).toEqual(WEB.spec)
  })

  it('is offered where the analysis says that the object does nothing', async () => {
    api.keep('virtual-services', WEB)
    api.server.use(
      http.get('*/api/v1/meshes/shop/findings', () =>
        HttpResponse.json({
          items: [
            {
              code: 'MD0002',
              level: 'warning',
              cluster: 'alpha',
              kind: 'VirtualService',
              namespace: 'shop',
              name: 'web',
              path: '',
              values: { member: 'alpha', cluster: 'hq' },
            },
          ],
          total: 1,
          all: 1,
          page: 1,
          pageSize: 50,
          counts: { error: 0, warning: 1, info: 0 },
          codes: [],
          hidden: [],
          failures: [],
        } satisfies FindingPage),
      ),
    )
    close = openConsole('/meshes/shop/virtual-services/shop/web?cluster=alpha')
    const link = await screen.findByRole('link', { name: 'Take it over to hq' }, { timeout: 20_000 })
    expect(link.getAttribute('href')).toBe(
      '/meshes/shop/virtual-services/-create?cluster=hq&from=alpha%2Fshop%2Fweb&namespace=shop',
    )
  })
})

describe('the schema of the cluster', { timeout: 60_000 }, () => {
  it('marks what the cluster does not know; without it the editor is one still', async () => {
    api.keep('virtual-services', { ...WEB, spec: { hosts: ['web'], hots: ['web'] } })
    api.server.use(
      http.get('*/api/v1/clusters/alpha/schemas/virtual-services', () =>
        HttpResponse.json({
          schema: {
            type: 'object',
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object', open: true, properties: {} },
              spec: {
                type: 'object',
                properties: { hosts: { type: 'array' }, http: { type: 'array' }, unheardOf: {} },
              },
            },
          },
        }),
      ),
    )
    close = openConsole('/meshes/shop/virtual-services/shop/web/-yaml?cluster=alpha')
    await waitFor(() => expect(document.querySelectorAll('.cm-lint-marker-warning')).toHaveLength(1), {
      timeout: 20_000,
    })
    close()
    api.server.resetHandlers()
    close = openConsole('/meshes/shop/virtual-services/shop/web/-yaml?cluster=alpha')
    await waitFor(() => expect(document.querySelector('.cm-content')?.textContent).toContain('hots'), {
      timeout: 20_000,
    })
    expect(document.querySelectorAll('.cm-lint-marker-warning')).toHaveLength(0)
  })
})
