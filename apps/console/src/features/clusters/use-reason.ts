import type { ConnectionTest } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'

type Step = ConnectionTest['steps'][number]

/** Says in the reader's language why a check failed, and the cure; `undefined` for a code that has no words of its own. */
export function useReason(): (step: Step) => string | undefined {
  const { t, i18n } = useTranslation('joining')
  return ({ code }) => {
    const key = `codes.${code ?? ''}`
    return code !== undefined && i18n.exists(key, { ns: 'joining' }) ? t(key) : undefined
  }
}
