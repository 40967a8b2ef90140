import Alert from 'antd/es/alert'
import type { ProblemText } from './problem-text.tsx'

/** What went wrong with something that was asked for, and what to do; in words of `useProblemText`. */
export function FailureAlert({ failure: { title, hint, detail } }: { failure: ProblemText }) {
  return <Alert type="error" showIcon title={title} description={[hint, detail].filter(Boolean).join(' ')} />
}
