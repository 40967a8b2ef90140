import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import Segmented from 'antd/es/segmented'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { saveText } from '../../lib/save-text.ts'
import { serviceLevelQueries, type RulesFormat } from '../../resource-kit/service-level-queries.ts'

/** The rules of all levels of the mesh. */
export function RulesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('service-levels')
  return (
    <Modal open width={860} title={t('rules.all')} footer={null} destroyOnHidden onCancel={onClose}>
      <RulesView />
    </Modal>
  )
}

/** Rules of one level, or of all, to be copied or taken along. */
export function RulesView({ name }: { name?: string }) {
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  const [format, setFormat] = useState<RulesFormat>('operator')
  const query = useQuery(serviceLevelQueries.rules(mesh, format, name))
  const file = `meshdeck-service-level${name === undefined ? `s-${mesh}` : `-${name}`}.yaml`
  return (
    <div className="md-stack">
      <p className="md-muted">{t('rules.what')}</p>
      <div className="md-level-bar">
        <Segmented<RulesFormat>
          aria-label={t('rules.format')}
          value={format}
          options={[
            { value: 'operator', label: t('rules.operator') },
            { value: 'file', label: t('rules.file') },
          ]}
          onChange={setFormat}
        />
        <Button disabled={query.data === undefined} onClick={() => saveText(file, query.data ?? '')}>
          {t('rules.download')}
        </Button>
      </div>
      <p className="md-muted">{t(`rules.how.${format}`, { file })}</p>
      <QueryView query={query}>{(text) => <CommandBox title={file} command={text} />}</QueryView>
    </div>
  )
}
