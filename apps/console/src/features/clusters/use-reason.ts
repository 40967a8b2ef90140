import type { ConnectionTest } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'

type Step = ConnectionTest['steps'][number]

/** Says in the reader's language why a check failed, and the cure; `undefined` for a code that has no words of its own. */
export function useReason(): (step: Step) => string | undefined {
  const { t, i18n } = useTranslation('fleet')
  return ({ code }) => {
    const key = `clusters.joining.codes.${code ?? ''}`
    return code !== undefined && i18n.exists(key, { ns: 'fleet' }) ? t(key) : undefined
  }
}
