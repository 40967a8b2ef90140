/** Texts of `Warning: 299 - "text"` headers, by which an API server speaks to users of a successful call. Source: RFC 7234 §5.5, KEP-1693. */
export function parseWarnings(header: string | string[] | undefined): string[] {
  const lines = header === undefined ? [] : Array.isArray(header) ? header : [header]
  return lines.flatMap((line) =>
    [...line.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
      latin1ToUtf8((match[1] ?? '').replace(/\\(.)/g, '$1')),
    ),
  )
}

/** Go writes header values as UTF-8 bytes, Node reads them as Latin-1. */
function latin1ToUtf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}
