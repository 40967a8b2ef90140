import type { FindingView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../components/status-dot.tsx'

const DOCS = 'https://istio.io/latest/docs/reference/config/analysis'

/** Words of a finding: what it is, and what to do. */
export function useFindingWords(): (finding: Pick<FindingView, 'code' | 'values'>) => { what: string; cure: string } {
  // Of their own, since they are many and a list without findings needs none of them.
  const { t } = useTranslation(['finding-codes', 'findings'])
  return ({ code, values }) => {
    const filled = code === 'IST0101' ? missing(values) : values
    return { what: t(`${code}.what`, filled), cure: t(`${code}.cure`, filled) }
  }

  /** What is missing is named by a word of the language, and a subset, which comes as `host+subset`, in its order. */
  function missing(values: FindingView['values']): FindingView['values'] {
    const { what = '', name = '' } = values
    const [host = '', subset] = name.split('+')
    const named = what === 'subset' && subset !== undefined ? t('findings:subsetOf', { host, subset }) : name
    return { ...values, what: t(`findings:things.${what}`), name: named }
  }
}

/** How grave a finding is, as a coloured dot with a word. */
export function FindingLevel({ level }: Pick<FindingView, 'level'>) {
  const { t } = useTranslation('findings')
  return <StatusDot tone={level}>{t(`levels.${level}`)}</StatusDot>
}

/** A finding in full: what, where in the object, what to do, and where to read more. */
export function FindingText({ finding }: { finding: FindingView }) {
  const { t } = useTranslation('findings')
  const words = useFindingWords()(finding)
  return (
    <div>
      {words.what} <span className="md-muted">{words.cure}</span>
      <div className="md-muted">
        {finding.path !== '' && <code>{finding.path}</code>} <FindingCode code={finding.code} />
        {finding.suppressed && ` · ${t('asSuppressed')}`}
      </div>
    </div>
  )
}

/** A code; those of istioctl lead to its documentation. */
export function FindingCode({ code }: Pick<FindingView, 'code'>) {
  const { t } = useTranslation('findings')
  if (!code.startsWith('IST')) return <code>{code}</code>
  return (
    <a
      href={`${DOCS}/${code.toLowerCase()}/`}
      target="_blank"
      rel="noreferrer"
      aria-label={t('documentation', { code })}
    >
      <code>{code}</code>
    </a>
  )
}
