export type FindingLevel = 'error' | 'warning' | 'info'

interface CodeDefinition {
  level: FindingLevel
  /** Codes of Kiali's that say the same. */
  kiali?: readonly string[]
}

const error = (...kiali: string[]): CodeDefinition => ({ level: 'error', ...(kiali.length > 0 ? { kiali } : {}) })
const warning = (...kiali: string[]): CodeDefinition => ({ level: 'warning', ...(kiali.length > 0 ? { kiali } : {}) })
const info = (...kiali: string[]): CodeDefinition => ({ level: 'info', ...(kiali.length > 0 ? { kiali } : {}) })

/**
 * Everything that an analysis can say. Where istioctl has a code for it, it is that one
 * (https://istio.io/latest/docs/reference/config/analysis/), with its level; `MD` codes are ours. What each means and what
 * to do is in the console's locale `findings`.
 */
export const FINDING_CODES = {
  // Istio's
  IST0002: warning(),
  IST0101: error('KIA0101', 'KIA0302', 'KIA1101', 'KIA1102', 'KIA1107'),
  IST0102: info(),
  IST0103: warning(),
  IST0107: warning(),
  IST0108: warning(),
  IST0109: error('KIA1106'),
  IST0110: error('KIA0003'),
  IST0111: error('KIA0002'),
  IST0112: error(),
  IST0116: warning(),
  IST0118: info('KIA0601'),
  IST0123: warning(),
  IST0125: warning(),
  IST0127: warning('KIA0004'),
  IST0128: warning(),
  IST0129: warning(),
  IST0130: warning(),
  IST0131: info(),
  IST0132: warning(),
  IST0134: warning(),
  IST0135: info(),
  IST0137: warning(),
  IST0138: warning(),
  IST0139: error(),
  IST0140: warning(),
  IST0144: warning(),
  IST0145: error('KIA0301'),
  IST0146: warning(),
  IST0147: error(),
  IST0148: info(),
  IST0149: error(),
  IST0150: warning(),
  IST0151: warning(),
  IST0152: error(),
  IST0153: error(),
  IST0154: error(),
  IST0155: warning(),
  IST0157: warning(),
  IST0159: error(),
  IST0160: error(),
  IST0161: error(),
  IST0162: warning(),
  IST0163: warning(),
  IST0164: info(),
  IST0165: warning(),
  IST0166: warning(),
  IST0167: warning(),
  IST0170: warning(),
  IST0171: warning(),
  IST0173: error('KIA0203'),
  IST0174: warning('KIA0202'),
  IST0175: warning(),
  IST0177: warning('KIA1212'),
  // Where things are and who sees them
  MD0001: error('KIA0005'),
  MD0002: warning(),
  // Authorization
  MD0101: warning('KIA0102'),
  MD0102: error('KIA0104'),
  MD0103: error('KIA0105'),
  MD0104: error('KIA0106'),
  MD0105: info('KIA0107'),
  MD0106: warning('KIA0108'),
  MD0107: warning('KIA0109', 'KIA1317'),
  MD0108: warning('KIA0110'),
  MD0109: info('KIA1301'),
  MD0110: warning(),
  MD0111: error(),
  // Destination rules
  MD0201: warning('KIA0201'),
  MD0202: warning('KIA0204'),
  MD0203: error('KIA0205'),
  MD0204: error('KIA0206'),
  MD0205: error('KIA0207'),
  MD0206: error('KIA0208'),
  MD0207: warning('KIA0209'),
  MD0208: warning('KIA0210'),
  MD0209: warning('KIA0211'),
  MD0210: warning('KIA0212'),
  MD0213: warning(),
  // Gateways
  MD0302: error(),
  MD0303: error(),
  // Mutual TLS
  MD0401: error('KIA0401'),
  MD0402: error('KIA0501'),
  MD0403: error('KIA0505'),
  MD0404: error('KIA0506'),
  MD0501: error('KIA0002'),
  MD0502: error('KIA0003'),
  MD0503: warning('KIA0004'),
  // Ports
  MD0601: error('KIA0601'),
  MD0602: error('KIA0602'),
  MD0701: warning('KIA0701'),
  // Sidecars
  MD1001: warning('KIA1004'),
  MD1002: warning('KIA1006'),
  MD1003: info('KIA1007'),
  // Virtual services
  MD1101: warning('KIA1104'),
  MD1102: warning('KIA1105'),
  MD1103: warning('KIA1106'),
  MD1104: info('KIA1108'),
  MD1105: warning('KIA1109'),
  MD1106: warning('KIA1113'),
  MD1107: warning('KIA1114'),
  MD1108: warning('KIA1110', 'KIA1111', 'KIA1112'),
  MD1110: warning(),
  MD1112: error(),
  MD1113: error(),
  MD1114: warning(),
  MD1115: info(),
  MD1116: error(),
  MD1117: error(),
  MD1118: warning(),
  MD1120: warning(),
  MD1119: warning('KIA1115', 'KIA1116', 'KIA1117'),
  // Service entries and machines
  MD1201: warning('KIA1211'),
  MD1202: warning(),
  MD1701: warning('KIA1701'),
  MD1702: warning('KIA1702'),
  // Ambient mode
  MD1311: error('KIA1311', 'KIA1315'),
  MD1312: warning('KIA1312'),
  MD1313: error('KIA1313'),
  MD1314: error('KIA1314'),
  MD1316: warning('KIA1316'),
  // Gateway API
  MD1401: error('KIA1401'),
  MD1402: error('KIA1402'),
  MD1403: error(),
  MD1404: error(),
  MD1501: warning('KIA1501'),
  MD1502: warning('KIA1502'),
  MD1503: error('KIA1503'),
  MD1504: error('KIA1504'),
  MD1601: error('KIA1601'),
  // Services and workloads
  MD2001: warning(),
  MD2002: info(),
  MD2003: warning(),
  MD2004: info(),
  MD2005: warning(),
  MD2006: warning(),
  MD2007: error(),
  MD2008: warning(),
} as const satisfies Record<string, CodeDefinition>

export type FindingCode = keyof typeof FINDING_CODES
