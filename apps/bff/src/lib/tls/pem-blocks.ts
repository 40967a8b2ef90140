export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY` … */
  label: string
  /** The block alone, ended by a line break. */
  text: string
}

/** The blocks of a PEM text; what stands between them (names, bags of attributes, indentation) is left out. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = []
  let open: { label: string; lines: string[] } | undefined
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    const begun = /^-----BEGIN ([A-Z0-9 ]+)-----$/.exec(line)?.[1]
    if (begun !== undefined) open = { label: begun, lines: [line] }
    else if (open !== undefined) {
      open.lines.push(line)
      if (line === `-----END ${open.label}-----`) {
        blocks.push({ label: open.label, text: `${open.lines.join('\n')}\n` })
        open = undefined
      }
    }
  }
  return blocks
}
