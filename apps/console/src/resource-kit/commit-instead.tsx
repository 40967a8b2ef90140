import type { KubeResource } from '@meshdeck/kube'
import { configuredState, type Owner } from '@meshdeck/mesh'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../components/command-box.tsx'
import { saveText } from '../lib/save-text.ts'
import { printYaml } from './draft.ts'

export interface CommitInsteadProps {
  owner: Owner
  /** The object as it should become. */
  draft: KubeResource
}

/** Whether an owner takes its objects from a repository, so that a change belongs there. */
export const isDelivered = (owner: Owner | undefined): owner is Owner =>
  owner !== undefined && owner.by !== 'controller'

/** Says who will undo the change, and offers the YAML to put where that one takes it from. */
export function CommitInstead({ owner, draft }: CommitInsteadProps) {
  const { t } = useTranslation('history')
  const [shown, setShown] = useState(false)
  const text = useMemo(() => printYaml(configuredState(draft)), [draft])
  const { name, namespace } = draft.metadata
  const file = `${[draft.kind.toLowerCase(), namespace, name].filter(Boolean).join('-')}.yaml`
  return (
    <div className="md-stack">
      <Alert
        type="warning"
        showIcon
        title={t('commit.title', { by: owner.by, name: owner.name })}
        description={t(owner.by === 'Helm' ? 'commit.helm' : 'commit.git', { by: owner.by })}
        action={
          <div className="md-buttons">
            <Button size="small" aria-expanded={shown} onClick={() => setShown((before) => !before)}>
              {t('commit.show')}
            </Button>
            <Button size="small" onClick={() => saveText(file, text)}>
              {t('commit.download')}
            </Button>
          </div>
        }
      />
      {shown && <CommandBox title={t('commit.yaml')} command={text} />}
    </div>
  )
}
