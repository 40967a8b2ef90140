import { apiVersionOf, kindOf, type KindId } from '@meshdeck/kube'
import { parseDocument, type Document } from 'yaml'
import { printDocument } from './draft.ts'

const templates = import.meta.glob<string>('./templates/*.yaml', { query: '?raw', import: 'default' })

/** A service that a new object is to be about. */
export interface TemplateSubject {
  /** Its name, in the namespace of the new object. */
  service: string
  /** Labels of its pods: `app=web,tier=front`. */
  labels: string
  versions: readonly string[]
}

/** The smallest useful object of a kind as YAML, with the comments that help to go on; about a service where one is given. */
export async function loadTemplate(kind: KindId, namespace: string, subject?: TemplateSubject): Promise<string> {
  const definition = kindOf(kind)
  const load = templates[`./templates/${definition.path}.yaml`]
  const body = load ? await load() : 'spec: {}\n'
  const head = `apiVersion: ${apiVersionOf(definition)}\nkind: ${definition.kind}\nmetadata:\n  name: ""\n`
  const document = parseDocument(head + body)
  if (definition.namespaced) document.setIn(['metadata', 'namespace'], document.createNode(namespace))
  if (subject !== undefined && subject.service !== '') fillTemplate(document, kind, subject)
  return printDocument(document)
}

/** Makes a template one about a service: what names a host names it, what selects pods selects its pods. */
export function fillTemplate(document: Document, kind: KindId, { service, labels, versions }: TemplateSubject): void {
  document.setIn(['metadata', 'name'], service)
  const selected = Object.fromEntries(
    labels.split(',').flatMap((each) => {
      const at = each.indexOf('=')
      return at > 0 ? [[each.slice(0, at), each.slice(at + 1)]] : []
    }),
  )
  switch (kind) {
    case 'VirtualService':
      document.setIn(['spec', 'hosts', 0], service)
      document.setIn(['spec', 'http', 0, 'route', 0, 'destination', 'host'], service)
      return
    case 'DestinationRule':
      document.setIn(['spec', 'host'], service)
      if (versions.length === 0) document.deleteIn(['spec', 'subsets'])
      else
        document.setIn(
          ['spec', 'subsets'],
          document.createNode(versions.map((version) => ({ name: version, labels: { version } }))),
        )
      return
    case 'AuthorizationPolicy':
    case 'RequestAuthentication':
    case 'PeerAuthentication':
      if (Object.keys(selected).length > 0)
        document.setIn(['spec', 'selector'], document.createNode({ matchLabels: selected }))
  }
}
