import type { ProxyConfigDump, ProxyRef } from '@meshdeck/contract'
import { resourceOf, type ConfigSection } from '@meshdeck/mesh/proxy-config'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { DiffView } from '../../components/diff-view.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { YamlEditor } from '../../components/yaml-editor.tsx'
import { saveText } from '../../lib/save-text.ts'
import { programOf } from './program-of.ts'
import { proxyQueries } from './queries.ts'

/** Above this a browser takes too long to colour it. */
const MAX_SHOWN = 2_000_000

export interface JsonDialogProps {
  proxy: ProxyRef
  other: ProxyRef | undefined
  section: ConfigSection
  /** The whole section when absent. */
  resource: string | undefined
  onClose: () => void
}

/** A proxy's own JSON of a section or of one resource in it, beside that of another proxy; to be read and kept. */
export function JsonDialog({ proxy, other, section, resource, onClose }: JsonDialogProps) {
  const { t } = useTranslation('proxies')
  const mine = useQuery(proxyQueries.dump(proxy, section))
  const theirs = useQuery({ ...proxyQueries.dump(other ?? proxy, section), enabled: other !== undefined })
  const error = mine.error ?? (other && theirs.error)
  const print = ({ config }: ProxyConfigDump): string =>
    JSON.stringify(resource === undefined ? config : resourceOf(config, resource), undefined, 2) ?? ''
  const text = mine.data && print(mine.data)
  const otherText = other && theirs.data && print(theirs.data)
  const isWaiting = text === undefined || (other !== undefined && otherText === undefined)
  return (
    <Modal
      open
      width={1_100}
      title={resource ?? t(`sections.${section}`)}
      onCancel={onClose}
      footer={
        <>
          <Button
            disabled={text === undefined}
            onClick={() => saveText(`${proxy.pod}.${proxy.namespace}-${section}.json`, `${text ?? ''}\n`)}
          >
            {t('json.download')}
          </Button>
          <Button type="primary" onClick={onClose}>
            {t('actions.close')}
          </Button>
        </>
      }
    >
      <div className="md-stack">
        <p className="md-muted">{t('json.what')}</p>
        {error ? (
          <ErrorState error={error} onRetry={() => void Promise.all([mine.refetch(), other && theirs.refetch()])} />
        ) : isWaiting ? (
          <LoadingState rows={10} />
        ) : text.length > MAX_SHOWN ? (
          <p>{t('json.tooLong')}</p>
        ) : otherText === undefined ? (
          <YamlEditor value={text} label={t('json.of', { program: programOf(section) })} readOnly />
        ) : (
          <DiffView
            before={text}
            after={otherText}
            layout="side-by-side"
            labels={{ before: proxy.pod, after: other?.pod ?? '' }}
          />
        )}
      </div>
    </Modal>
  )
}
