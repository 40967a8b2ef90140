/** What stops a TLS Secret from being of use, by the part that is at fault. Words stand in the console. */
export const TLS_FAULTS = [
  'certificate.missing',
  'certificate.notPem',
  'certificate.isRequest',
  'certificate.holdsKey',
  'certificate.order',
  'certificate.expired',
  'key.missing',
  'key.notPem',
  'key.encrypted',
  'key.mismatch',
  'authority.notPem',
  'authority.expired',
] as const
export type TlsFaultCode = (typeof TLS_FAULTS)[number]

/** What is to be known of one that can be used. */
export const TLS_NOTES = ['selfSigned', 'soon', 'notYet', 'noNames', 'noAuthority'] as const
export type TlsNoteCode = (typeof TLS_NOTES)[number]

/** How long what it holds is good for; `soon`: less than 30 days. */
export const TLS_STATES = ['valid', 'soon', 'expired', 'broken'] as const
export type TlsState = (typeof TLS_STATES)[number]
