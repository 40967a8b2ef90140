import { fields, items, text, type Fields } from '../analysis/read.ts'
import { editDestinations } from './host-rules.ts'
import type { WizardChange, WizardService, WizardWorld } from './wizard.ts'

/** Subsets for some versions; those that exist for just that label are used. Gives the name of each version's. */
export function editSubsets(
  world: WizardWorld,
  service: WizardService,
  versions: readonly string[],
): { change: WizardChange; subsetOf: (version: string) => string } {
  const names = new Map<string, string>()
  const change = editDestinations(world, service, (spec) => {
    const present = items(spec['subsets']).map(fields)
    const added: Fields[] = []
    for (const version of versions) {
      const known = present.find((subset) => {
        const labels = Object.entries(fields(subset['labels']))
        return labels.length === 1 && labels[0]?.[0] === 'version' && labels[0][1] === version
      })
      const taken = new Set([...present, ...added].map((subset) => text(subset['name'])))
      const name = known === undefined ? freeLabel(version, taken) : text(known['name'])
      names.set(version, name)
      if (known === undefined) added.push({ name, labels: { version } })
    }
    return added.length === 0 ? spec : { ...spec, subsets: [...present, ...added] }
  })
  return { change, subsetOf: (version) => names.get(version) ?? version }
}

/** A version as names of subsets and services may be written, which is as labels of DNS are. */
export function labelOf(version: string): string {
  return version
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function freeLabel(version: string, taken: ReadonlySet<string>): string {
  const label = labelOf(version)
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? label : `${label}-${number}`
    if (!taken.has(name)) return name
  }
}
