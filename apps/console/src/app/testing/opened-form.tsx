import { apiVersionOf, kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, render } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { Suspense } from 'react'
import { I18nextProvider } from 'react-i18next'
import { afterAll, beforeAll, vi } from 'vitest'
import { Document, parseDocument } from 'yaml'
import { createTranslations } from '../../lib/i18n.ts'
import { formOf, type FieldProblem } from '../../resource-kit/forms.ts'
import { registerForms } from '../forms.ts'
import { stubResizeObserver } from './resize-observer.ts'

const NO_PROBLEMS: readonly FieldProblem[] = []

export interface OpenedForm {
  element: () => HTMLElement
  /** The document after what is done to the form. */
  after: (act: () => void) => KubeResource | undefined
  /** The document as it was, changed as plain data. */
  expected: (change: (target: Record<string, unknown>) => void) => unknown
}

/**
 * Opens the registered form of a kind for the tests of the block around. What is edited is not shown again: each edit is
 * one of the same document, so that no test rests on another, and a form of two hundred fields is drawn once.
 */
export function openedForm(
  kind: KindId,
  language: 'en-US' | 'zh-CN',
  content: Readonly<Record<string, unknown>>,
): OpenedForm {
  const value: KubeResource = {
    apiVersion: apiVersionOf(kindOf(kind)),
    kind: kindOf(kind).kind,
    metadata: { name: 'a', namespace: 'shop' },
    ...content,
  }
  const text = new Document(value).toString()
  const server = setupServer(
    http.get('*/api/v1/clusters/alpha/resources/:plural', () =>
      HttpResponse.json({ items: [], total: 0, all: 0, page: 1, pageSize: 1000, failures: [], missing: [] }),
    ),
  )
  let edited: KubeResource | undefined
  let element: HTMLElement | undefined
  // The first one loads all of antd; a second is too short for that on a busy machine.
  configure({ asyncUtilTimeout: 20_000 })
  beforeAll(async () => {
    stubResizeObserver()
    server.listen()
    registerForms()
    const Form = formOf(kind)
    if (Form === undefined) throw new Error(`no form of ${kind}`)
    const translations = await createTranslations(language)
    await translations.loadNamespaces(['forms', 'virtual-services'])
    const { container } = render(
      <I18nextProvider i18n={translations}>
        <QueryClientProvider client={new QueryClient()}>
          <Suspense>
            <Form
              value={value}
              scope={{ mesh: 'shop', cluster: 'alpha', mode: 'edit' }}
              problems={NO_PROBLEMS}
              onEdit={(edit) => {
                const document = parseDocument(text)
                edit(document)
                edited = document.toJS()
              }}
            />
          </Suspense>
        </QueryClientProvider>
      </I18nextProvider>,
    )
    element = await vi.waitUntil(() => container.querySelector<HTMLElement>('.md-form'), 20_000)
  })
  afterAll(() => {
    cleanup()
    server.close()
  })
  return {
    element() {
      if (element === undefined) throw new Error('the form is not open')
      return element
    },
    after(act) {
      edited = undefined
      act()
      return edited
    },
    expected(change) {
      const copy: Record<string, unknown> = parseDocument(text).toJS()
      change(copy)
      return copy
    },
  }
}
