/** Takes out of an answer what may differ from cluster to cluster: identities, times, addresses. */

/** Fields whose value is the server's own affair; that they are there still counts. */
const OWN = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'lastTransitionTime',
  'lastUpdateTime',
  'time',
  'clusterIP',
  'nodePort',
  'token',
  'expirationTimestamp',
  'continue',
  'caBundle',
])

/** Fields that only the real one has: what runs there, and what stands behind it. */
const LEFT_OUT = new Set(['observedGeneration', 'deployment.kubernetes.io/revision'])

export function normalize(value: unknown): unknown {
  // What a controller writes comes when it comes.
  if (Array.isArray(value)) return value.filter((item) => !isControllers(item)).map(normalize)
  if (typeof value === 'string') return normalizeText(value)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([name, field]) => !LEFT_OUT.has(name) && field !== null && !(name === 'status' && isWorkload(value)))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const normalized = Object.fromEntries(
    entries.map(([name, field]) => {
      if (name === 'clusterIPs') return [name, ['(own)']]
      return [name, OWN.has(name) && typeof field !== 'object' ? '(own)' : normalize(field)]
    }),
  )
  // Whose only annotation was left out has none.
  if (JSON.stringify(normalized['annotations']) === '{}') delete normalized['annotations']
  return normalized
}

function isWorkload(value: object): boolean {
  return 'kind' in value && value.kind === 'Deployment'
}

function isControllers(entry: unknown): boolean {
  return (
    typeof entry === 'object' && entry !== null && 'manager' in entry && entry.manager === 'kube-controller-manager'
  )
}

export function normalizeText(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '(uid)')
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, '(time)')
    .replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, '(ip)')
    .replaceAll(/https:\/\/127\.0\.0\.1:\d+/g, '(server)')
    .replaceAll(/resourceVersion: "\d+"/g, 'resourceVersion: (own)')
}

/** kubectl's tables: columns as they are, ages as one. */
export function normalizeTable(text: string): string {
  return normalizeText(text)
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\b(?:\d+[smhdy]){1,2}\b/g, '(age)')
        .replaceAll(/ {2,}/g, '  ')
        .trimEnd(),
    )
    .join('\n')
}
