/** All that may be held against an object as a whole. The console has words for each, below `rules.` of its locale `forms`. */
export const FAULT_CODES = [
  'exportNobody',
  'exportMixed',
  'exportDuplicate',
  'exportName',
  'labelKeyEmpty',
  'labelWildcard',
  'labelValue',
  'regex',
  'grpcStatus',
  'needsFault',
  'needsRewrite',
  'method',
  'headerName',
  'sniHosts',
  'duplicate',
  'clientCertificate',
  'credentialAlone',
  'clientProtocol',
  'localityWeight',
  'localityRegion',
  'localityExclusive',
  'localityShare',
  'localityPlain',
  'localityPlace',
  'localityOverlap',
  'needsPolicy',
  'shortName',
  'partialWildcard',
  'hostScope',
  'ip',
  'required',
  'serverCertificate',
  'caCertificate',
  'noCertificate',
  'needsTls',
  'plainPort',
  'wildcardHost',
  'cidrResolution',
  'endpointAddress',
  'endpointPort',
  'namespaceHost',
  'defaultEndpoint',
  'needsProvider',
  'surplusProvider',
  'emptyBlock',
  'emptyText',
  'accountFormat',
  'accountAlone',
  'pathTemplate',
  'conditionKey',
  'conditionValue',
  'needsValues',
  'targetGroup',
  'needsSelector',
  'jwksTwice',
  'tagValue',
  'option',
  'labelName',
  'portNumber',
  'portName',
  'negative',
  'tooLong',
  'unixAddress',
  'unixPorts',
  'probeMethod',
  'oneTarget',
  'patchMatch',
  'subFilter',
  'moduleUrl',
  'checksum',
  'hostValue',
] as const
export type FaultCode = (typeof FAULT_CODES)[number]

/** Why istiod would refuse an object, and where in it. */
export interface ObjectFault {
  /** As servers name fields. */
  field: string
  code: FaultCode
}

export const fault = (field: string, code: FaultCode): ObjectFault => ({ field, code })
export const when = (isWrong: boolean, field: string, code: FaultCode): ObjectFault[] =>
  isWrong ? [fault(field, code)] : []
/** Places in a list of texts where something is wrong with one. */
export const each = (
  values: readonly string[],
  field: string,
  code: FaultCode,
  isWrong: (value: string) => boolean,
): ObjectFault[] => values.flatMap((value, at) => when(isWrong(value), `${field}[${at}]`, code))
export const hasDuplicates = (values: readonly string[]): boolean => new Set(values).size < values.length

const MAX_PORT = 65_535
/** A port that has to be there. */
export const portFaults = (value: unknown, field: string): ObjectFault[] =>
  when(typeof value !== 'number' || value < 1 || value > MAX_PORT, field, 'portNumber')
/** One of few words, or nothing. */
export const optionFaults = (value: unknown, options: readonly string[], field: string): ObjectFault[] =>
  when(value !== undefined && !options.some((option) => option === value), field, 'option')
export const tooLong = (value: unknown, limit: number, field: string): ObjectFault[] =>
  when(typeof value === 'string' && value.length > limit, field, 'tooLong')
