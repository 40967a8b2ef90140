import type { FindingView, ServiceDetail } from '@meshdeck/contract'
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { findingQueries } from '../../resource-kit/finding-queries.ts'
import { findingsOfKind } from '../../resource-kit/findings-of-kind.ts'
import { FindingText } from '../../resource-kit/finding-text.tsx'
import { diagnose, repairCommand, type CheckResult } from './diagnosis.ts'
import { useHealthReasons } from './service-health.tsx'
import { repairsOf } from './repairs.ts'
import { Repairs } from './repair-links.tsx'

/** Nine checks of a service, and whatever else the analysis says of it and what belongs to it. */
export function DiagnosisTab({ detail }: { detail: ServiceDetail }) {
  const { mesh } = useMeshScope()
  const [own, ofNamespaces] = useQueries({
    queries: [findingQueries.inNamespace(mesh, detail.service.namespace), findingsOfKind(mesh, 'Namespace')],
  })
  const error = own.error ?? ofNamespaces.error
  if (error)
    return <ErrorState error={error} onRetry={() => void Promise.all([own.refetch(), ofNamespaces.refetch()])} />
  if (own.data === undefined || ofNamespaces.data === undefined) return <LoadingState rows={9} />
  const results = diagnose(detail, [...own.data.items, ...ofNamespaces.data.items])
  return (
    <ul className="md-stack">
      {results
        .filter(({ check, findings }) => check !== 'other' || findings.length > 0)
        .map((result) => (
          <Check key={result.check} result={result} service={detail.service} />
        ))}
    </ul>
  )
}

const TONES: Record<FindingView['level'], StatusTone> = { error: 'error', warning: 'warning', info: 'info' }

function Check({ result, service }: { result: CheckResult; service: ServiceDetail['service'] }) {
  const { check, reasons, findings, more } = result
  const { t } = useTranslation('services')
  const { mesh } = useMeshScope()
  const words = useHealthReasons()
  const levels = [...findings.map(({ level }) => level), ...reasons.map(() => 'warning' as const)]
  const worst = (['error', 'warning', 'info'] as const).find((level) => levels.includes(level))
  return (
    <li className="md-card">
      <header>
        <h2>{t(`diagnosis.checks.${check}`)}</h2>
        <StatusDot tone={worst === undefined ? 'success' : TONES[worst]}>
          {t(worst === undefined ? 'diagnosis.passed' : 'diagnosis.failed')}
        </StatusDot>
        {check === 'sidecar' && worst !== undefined && (
          <AppLink place={places.sidecarWorkloads(mesh, { namespaces: service.namespace })} className="md-push">
            {t('diagnosis.toSidecars')}
          </AppLink>
        )}
      </header>
      {reasons.length > 0 && <p className="md-card-body">{words({ ...service, reasons }).join(' ')}</p>}
      {findings.length > 0 && (
        <ul className="md-card-body md-stack">
          {findings.map((finding) => (
            <li key={`${finding.cluster} ${finding.kind} ${finding.name} ${finding.code} ${finding.path}`}>
              <strong>{finding.name}</strong>{' '}
              <span className="md-muted">{[finding.kind, finding.cluster].join(' · ')}</span>
              <FindingText finding={finding} />
              <Repair finding={finding} />
            </li>
          ))}
          {more > 0 && <li className="md-muted">{t('diagnosis.more', { count: more })}</li>}
        </ul>
      )}
    </li>
  )
}

/** What mends a finding: changes that open in review, and the command that equals them. */
function Repair({ finding }: { finding: FindingView }) {
  const command = repairCommand(finding)
  const repairs = repairsOf(finding)
  return (
    <>
      {repairs.length > 0 && <Repairs finding={finding} repairs={repairs} />}
      {command !== undefined && <CommandBox command={command} />}
    </>
  )
}
