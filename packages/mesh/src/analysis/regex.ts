/** Why RE2, which Envoy uses, cannot read an expression; nothing when it can, as far as is sure. */
export function regexFault(source: string): string | undefined {
  if (/\(\?(?:<?[=!])/.test(source)) return 'lookaround'
  if (/\\[1-9]/.test(source)) return 'backreference'
  // RE2 counts no further.
  if ([...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].some(([, ...counts]) => counts.some((each) => Number(each) > 1000)))
    return 'repeat count'
  // Flags and named groups in RE2's own spelling are unknown to JavaScript.
  const translated = source
    .replace(/\(\?[imsU-]+\)/g, '')
    .replace(/\(\?[imsU-]+:/g, '(?:')
    .replaceAll('(?P<', '(?<')
    .replace(/\\[AzQEC]/g, '')
  try {
    void new RegExp(translated.replace(/\[\[:\^?\w+:\]\]/g, '[a]').replace(/\\p[A-Z]/g, 'a'))
    return undefined
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault)
    return message.replace(/^Invalid regular expression: .*: /, '')
  }
}
