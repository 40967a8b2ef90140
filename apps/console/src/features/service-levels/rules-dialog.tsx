import Modal from 'antd/es/modal'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { RulesView } from '../../resource-kit/rules-view.tsx'
import { serviceLevelQueries } from '../../resource-kit/service-level-queries.ts'

/** The rules of all levels of the mesh. */
export function RulesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('service-levels')
  return (
    <Modal open width={860} title={t('rules.all')} footer={null} destroyOnHidden onCancel={onClose}>
      <LevelRules />
    </Modal>
  )
}

/** The rules of one level, or of all. */
export function LevelRules({ name }: { name?: string }) {
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  return (
    <>
      <p className="md-muted">{t('rules.what')}</p>
      <RulesView
        file={`meshdeck-service-level${name === undefined ? `s-${mesh}` : `-${name}`}.yaml`}
        queryOf={(format) => serviceLevelQueries.rules(mesh, format, name)}
      />
    </>
  )
}
