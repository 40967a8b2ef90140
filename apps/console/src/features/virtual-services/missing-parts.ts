import { fullHost, hostCovers } from '@meshdeck/mesh'
import type { Choices } from '../../resource-kit/form/choices.ts'
import { valueAt } from '../../resource-kit/form/field-props.ts'

/** What of a destination is not there. */
export interface MissingParts {
  host: boolean
  subset: boolean
  /** The ports that the host has, when it has not the one that is named. */
  ports: readonly number[] | undefined
}

/** Judges a destination by what the cluster has; nothing is missing where that is not known. */
export function missingParts(
  { host, subset, port }: { host: string; subset: string; port: number | undefined },
  namespace: string,
  { hosts, subsets }: Choices,
): MissingParts {
  const full = fullHost(host, namespace)
  const known = hosts?.filter((each) => each.full === full || hostCovers(each.full, full)) ?? []
  const isUnknown = hosts === undefined || host === '' || host.startsWith('*')
  const ports = known.flatMap((each) => each.ports)
  return {
    host: !isUnknown && known.length === 0,
    subset: subset !== '' && host !== '' && subsets !== undefined && !(subsets.get(full) ?? []).includes(subset),
    ports: port !== undefined && known.length > 0 && !ports.includes(port) ? ports : undefined,
  }
}

/** A field that names what is not there; `code` is a key of `missing` in the locale `forms`. */
export interface MissingNote {
  field: string
  code: 'host' | 'subset' | 'port'
  values: Readonly<Record<string, string | number>>
}

/**
 * What the destinations of a virtual service name and nobody has: of HTTP, TLS and TCP routes, and of mirrors. Hosts of other
 * than HTTP destinations are told by their own fields.
 */
export function missingInDestinations(spec: unknown, namespace: string, choices: Choices): MissingNote[] {
  return destinationsOf(spec).flatMap(({ field, value, isHttp }) => {
    const host = textAt(value, ['host'])
    const subset = textAt(value, ['subset'])
    const number = valueAt(value, ['port', 'number'])
    const port = typeof number === 'number' ? number : undefined
    const missing = missingParts({ host, subset, port }, namespace, choices)
    const notes: MissingNote[] = []
    if (missing.host && isHttp) notes.push({ field: `${field}.host`, code: 'host', values: { name: host } })
    if (missing.subset) notes.push({ field: `${field}.subset`, code: 'subset', values: { name: subset, host } })
    if (missing.ports && port !== undefined) {
      const values = { name: port, host, ports: missing.ports.join(', ') }
      notes.push({ field: `${field}.port.number`, code: 'port', values })
    }
    return notes
  })
}

/** Subsets that the cluster has for a destination, by the field that names one; undefined for any other field. */
export function subsetsAt(
  spec: unknown,
  namespace: string,
  { subsets }: Choices,
): (field: string) => readonly string[] | undefined {
  const offered = new Map(
    destinationsOf(spec).map(({ field, value }) => [
      `${field}.subset`,
      subsets?.get(fullHost(textAt(value, ['host']), namespace)) ?? [],
    ]),
  )
  return (field) => offered.get(field)
}

function destinationsOf(spec: unknown): { field: string; value: unknown; isHttp: boolean }[] {
  return (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
    listAt(spec, protocol).flatMap((route, at) => {
      const place = `spec.${protocol}[${at}]`
      const isHttp = protocol === 'http'
      const mirror = valueAt(route, ['mirror'])
      return [
        ...listAt(route, 'route').map((each, index) => ({
          field: `${place}.route[${index}].destination`,
          value: valueAt(each, ['destination']),
          isHttp,
        })),
        ...(isHttp && mirror !== undefined ? [{ field: `${place}.mirror`, value: mirror, isHttp: false }] : []),
      ]
    }),
  )
}

function listAt(value: unknown, key: string): unknown[] {
  const found = valueAt(value, [key])
  return Array.isArray(found) ? found : []
}

function textAt(value: unknown, steps: readonly string[]): string {
  const found = valueAt(value, steps)
  return typeof found === 'string' ? found : ''
}
