import QuestionCircleOutlined from '@ant-design/icons/es/icons/QuestionCircleOutlined'
import { NUMBER_OPERANDS, STATES, TEXT_OPERANDS } from '@meshdeck/mesh'
import Button from 'antd/es/button'
import Popover from 'antd/es/popover'
import { useTranslation } from 'react-i18next'

const EXAMPLES = [
  'rps > 10 and error > 1%',
  'name = cart*',
  'not mtls',
  'unhealthy and not idle',
  '(ns = shop or ns = backend) and latency > 200ms',
  'flag = UH or 5xx > 5%',
] as const

export interface ExpressionHelpProps {
  /** Takes an example into the field for finding. */
  onFind: (expression: string) => void
}

/** How expressions are written, with examples to try and all the words. */
export function ExpressionHelp({ onFind }: ExpressionHelpProps) {
  const { t } = useTranslation('topology')
  return (
    <Popover trigger="click" placement="bottom" title={t('expressionHelp.title')} content={<Help onFind={onFind} />}>
      <Button type="text" icon={<QuestionCircleOutlined />} aria-label={t('expressionHelp.title')} />
    </Popover>
  )
}

function Help({ onFind }: ExpressionHelpProps) {
  const { t } = useTranslation('topology')
  const words = [
    ['texts', Object.keys(TEXT_OPERANDS)],
    ['numbers', Object.keys(NUMBER_OPERANDS)],
    ['states', Object.keys(STATES)],
  ] as const
  return (
    <div className="md-topology-help">
      <p>{t('expressionHelp.intro')}</p>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example}>
            <button type="button" className="md-link-button" onClick={() => onFind(example)}>
              <code>{example}</code>
            </button>
          </li>
        ))}
      </ul>
      <dl>
        {words.map(([kind, list]) => (
          <div key={kind}>
            <dt>{t(`expressionHelp.${kind}`)}</dt>
            <dd>
              <code>{list.join('  ')}</code>
            </dd>
          </div>
        ))}
      </dl>
      <p className="md-muted">{t('expressionHelp.unknown')}</p>
    </div>
  )
}
