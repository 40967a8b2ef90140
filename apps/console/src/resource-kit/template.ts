import { apiVersionOf, kindOf, type KindId } from '@meshdeck/kube'
import { parseDocument } from 'yaml'
import { printDocument } from './draft.ts'

const templates = import.meta.glob<string>('./templates/*.yaml', { query: '?raw', import: 'default' })

/** The smallest useful object of a kind as YAML, with the comments that help to go on. */
export async function loadTemplate(kind: KindId, namespace: string): Promise<string> {
  const definition = kindOf(kind)
  const load = templates[`./templates/${definition.path}.yaml`]
  const body = load ? await load() : 'spec: {}\n'
  const head = `apiVersion: ${apiVersionOf(definition)}\nkind: ${definition.kind}\nmetadata:\n  name: ""\n`
  const document = parseDocument(head + body)
  if (definition.namespaced) document.setIn(['metadata', 'namespace'], document.createNode(namespace))
  return printDocument(document)
}
