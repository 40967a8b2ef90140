import { TLS_FAULTS, type TlsFaultCode } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../components/problem-text.tsx'

/** What the server holds against the input, by field, in the reader's words; the server's own for what only it knows. */
export function useFaults(): (error: Error | null) => Record<string, string> {
  const { t } = useTranslation('tls-secrets')
  return (error) => {
    if (error === null) return {}
    const { fields = [], params } = problemOf(error)
    const told = new Map(fields.map(({ field, message }) => [field, message]))
    const faults: readonly unknown[] = Array.isArray(params?.['faults']) ? params['faults'] : []
    // The first of a field is the cause of what follows.
    for (const fault of faults.toReversed()) {
      const code = isRecord(fault) ? codeOf(fault['code']) : undefined
      if (code === undefined || !isRecord(fault)) continue
      const at = typeof fault['at'] === 'number' ? fault['at'] : 1
      told.set(code.slice(0, code.indexOf('.')), t(`faults.${code}`, { at }))
    }
    return Object.fromEntries(told)
  }
}

const codeOf = (code: unknown): TlsFaultCode | undefined => TLS_FAULTS.find((known) => known === code)
