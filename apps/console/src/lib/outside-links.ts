/** Addresses of consoles of other programs, which the mesh's record names. */

/** Grafana's page for queries. It asks its own default source. Source: https://grafana.com/docs/grafana/latest/explore/ */
export function grafanaExplore(
  address: string,
  queries: readonly { id: string; promql: string }[],
  { from, to }: { from: number; to: number },
): string {
  const url = new URL(`${address.replace(/\/+$/, '')}/explore`)
  url.searchParams.set(
    'left',
    JSON.stringify({
      queries: queries.map(({ promql }, index) => ({ refId: String.fromCharCode(65 + (index % 26)), expr: promql })),
      range: { from: String(from * 1000), to: String(to * 1000) },
    }),
  )
  return url.href
}

/** What a link to traces is about; unix seconds. */
interface TracesAbout {
  service: string
  from: number
  to: number
}

/**
 * Where the traces of a service are; the address says by placeholders what it can take. Undefined where it leads to single
 * traces only.
 */
export function tracesOf(address: string, about: TracesAbout): string | undefined {
  if (address.includes('{trace}') && !address.includes('{service}')) return undefined
  return filled(address, { ...about, trace: '' })
}

/** Where one trace is; undefined where the address has no place for its id. */
export function traceOf(address: string, about: TracesAbout & { trace: string }): string | undefined {
  return address.includes('{trace}') ? filled(address, about) : undefined
}

function filled(address: string, { service, trace, from, to }: TracesAbout & { trace: string }): string {
  const values: Record<string, string> = { service, trace, from: String(from * 1000), to: String(to * 1000) }
  return address.replaceAll(/\{(service|trace|from|to)\}/g, (_whole, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  )
}

/** What the hub's schema takes as an address, and a browser can open: only what begins with http:// or https://. */
export function isOutsideLink(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text) && text.length <= 2_048 && URL.canParse(text.replaceAll(/[{}]/g, ''))
}
