const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/
const MAX_LABEL = 63
const MAX_NAME = 255

/** What istiod says of a host that is no domain name; a first label `*` stands for any. */
export function domainError(host: string): string | undefined {
  if (host === '') return 'empty domain name not allowed'
  if (host.length > MAX_NAME) return `domain name "${host}" too long (max ${MAX_NAME})`
  if (host === '*') return undefined
  const labels = host.split('.')
  for (const [index, label] of labels.entries()) {
    if (index === 0 && label === '*') continue
    // A trailing dot is the root.
    if (label === '' && index === labels.length - 1 && index > 0) continue
    if (label.length > MAX_LABEL || !LABEL.test(label))
      return `domain name "${host}" invalid (label "${label}" invalid)`
  }
  return undefined
}
