import type { KubeResource } from '@meshdeck/kube'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { parseDocument } from 'yaml'
import { DiffView } from '../components/diff-view.tsx'
import { alignKeys, toEditableYaml } from './draft.ts'
import { printFieldPath } from '@meshdeck/mesh'
import { rebaseDocument } from './rebase.ts'

export interface ConflictDialogProps {
  name: string
  base: KubeResource
  mine: KubeResource
  theirs: KubeResource
  /** My text, with its comments. */
  text: string
  onRebase: () => void
  onLoadTheirs: () => void
  onOverwrite: () => void
  onClose: () => void
}

/** Somebody else changed the object meanwhile: shows theirs and mine, and lets one choose. Nothing that was typed is lost by any choice. */
export function ConflictDialog(props: ConflictDialogProps) {
  const { t } = useTranslation('editor')
  const { base, mine, theirs, text } = props
  const conflicts = useMemo(() => rebaseDocument(parseDocument(text), base, theirs), [text, base, theirs])
  const theirText = useMemo(() => toEditableYaml(theirs), [theirs])
  const myText = useMemo(() => toEditableYaml(alignKeys(mine, theirs)), [mine, theirs])
  return (
    <Modal
      open
      width={1000}
      title={t('conflict.title', { name: props.name })}
      onCancel={props.onClose}
      mask={{ closable: false }}
      footer={
        <div className="md-buttons">
          <Button onClick={props.onLoadTheirs}>{t('conflict.loadTheirs')}</Button>
          <Button danger onClick={props.onOverwrite}>
            {t('conflict.overwrite')}
          </Button>
          <Button type="primary" onClick={props.onRebase}>
            {t('conflict.rebase')}
          </Button>
        </div>
      }
    >
      <div className="md-stack">
        <p>{t('conflict.what')}</p>
        {conflicts.length === 0 ? (
          <Alert type="success" showIcon title={t('conflict.clean')} />
        ) : (
          <Alert
            type="warning"
            showIcon
            title={t('conflict.both', { count: conflicts.length })}
            description={
              <ul>
                {conflicts.map(({ path }) => (
                  <li key={printFieldPath(path)}>
                    <code>{printFieldPath(path)}</code>
                  </li>
                ))}
              </ul>
            }
          />
        )}
        <div className="md-sides" aria-hidden="true">
          <strong>{t('conflict.theirs')}</strong>
          <strong>{t('conflict.mine')}</strong>
        </div>
        <DiffView
          before={theirText}
          after={myText}
          layout="side-by-side"
          labels={{ before: t('conflict.theirs'), after: t('conflict.mine') }}
        />
      </div>
    </Modal>
  )
}
