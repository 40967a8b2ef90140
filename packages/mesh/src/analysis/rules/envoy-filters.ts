import type { Rule } from '../analyzer.ts'
import { entries, fields, number, text, type Fields } from '../read.ts'

const INSERTS = ['INSERT_BEFORE', 'INSERT_AFTER']
const CAN_REPLACE = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST']
const ROUTES = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE']

const patches: Rule = {
  name: 'patches of EnvoyFilters do what they say',
  reads: ['EnvoyFilter'],
  *run(world) {
    /** Filters that a patch for one version of the proxy has named so far. */
    const versioned = new Set<string>()
    for (const object of world.all('EnvoyFilter')) {
      const spec = fields(object.spec)
      for (const { at, value } of entries(spec['configPatches'])) {
        const operation = text(fields(value['patch'])['operation'])
        const applyTo = text(value['applyTo'])
        const base = {
          object,
          kind: 'EnvoyFilter' as const,
          path: `spec.configPatches[${at}].patch.operation`,
          values: { operation, applyTo },
        }
        const misplaced =
          operation === 'REPLACE' && !CAN_REPLACE.includes(applyTo)
            ? 'IST0152'
            : operation === 'ADD' && ROUTES.includes(applyTo)
              ? 'IST0153'
              : operation === 'REMOVE' && ROUTES.includes(applyTo)
                ? 'IST0154'
                : undefined
        const name = filterName(value)
        if (misplaced !== undefined) yield { ...base, code: misplaced }
        else if (
          (INSERTS.includes(operation) || operation === 'REPLACE' || operation === 'REMOVE') &&
          (number(spec['priority']) ?? 0) === 0
        )
          yield { ...base, code: versioned.has(name) ? 'IST0155' : 'IST0151' }
        if (text(fields(fields(value['match'])['proxy'])['proxyVersion']) !== '') versioned.add(name)
      }
    }
  },
}

/** The filter that a patch is about: the one that it brings, else the one that it looks for. */
function filterName(patch: Fields): string {
  const own = text(fields(fields(patch['patch'])['value'])['name'])
  const chain = fields(fields(fields(patch['match'])['listener'])['filterChain'])
  return own || text(fields(chain['filter'])['name'])
}

export const envoyFilterRules: readonly Rule[] = [patches]
