import { callersCutOff, otherAllowing, type Answers, type WizardWorld } from '@meshdeck/mesh'
import type { Topology } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import type { WizardSpec } from './catalogue.ts'
import { presentCallers, type Caller } from './present-callers.ts'
import { wizardQueries } from './queries.ts'
import { domainsOf } from './use-wizard-world.ts'

export interface CallersCheckProps {
  wizard: WizardSpec
  answers: Answers
  world: WizardWorld
  line: (tone: StatusTone, children: ReactNode) => ReactNode
}

/** Who calls now and could not any more: without a sidecar under strict mutual TLS, or not among those who may. */
export function CallersCheck({ wizard, answers, world, line }: CallersCheckProps) {
  const { t } = useTranslation('wizards')
  const { mesh } = useMeshScope()
  const format = useFormat()
  const calls = useQuery(wizardQueries.calls(mesh))
  const accounts = useQuery(wizardQueries.accounts(mesh))
  const trust = useQuery(wizardQueries.trustDomains(mesh))
  const { data: plain = [] } = useQuery({ ...wizardQueries.plainWorkloads(mesh), enabled: wizard.callers === 'plain' })
  if (calls.isError) return line('unknown', t('callers.failed'))
  if (calls.data === undefined || accounts.isPending || trust.isPending) return line('unknown', t('callers.pending'))
  const domainOf = (cluster: string): string => domainsOf(trust.data, cluster)[0] ?? ''
  const all = presentCallers(calls.data, accounts.data ?? new Map(), domainOf, meant(answers, world, wizard))
  const lost = wizard.callers === 'plain' ? all.filter(({ isPlain }) => isPlain) : cutOff(all, answers, world)
  const others = wizard.callers === 'cutOff' ? otherAllowing(world) : []
  return (
    <>
      {lost.length === 0
        ? line('success', t(`callers.${wizard.callers ?? 'plain'}.none`))
        : line(
            'error',
            <>
              {t(`callers.${wizard.callers ?? 'plain'}.some`)}
              <ul className="md-findings">
                {lost.map(({ namespace, name, target, principal }) => (
                  <li key={`${namespace}/${name} ${target}`}>
                    <strong>{namespace === '' ? t('callers.unknown') : `${namespace} / ${name}`}</strong> → {target}{' '}
                    <span className="md-muted">{principal ?? t('callers.noIdentity')}</span>
                  </li>
                ))}
              </ul>
            </>,
          )}
      {wizard.callers === 'plain' &&
        plain.length > 0 &&
        line('warning', t('callers.plainPods', { workloads: format.list(plain) }))}
      {others.length > 0 && line('warning', t('callers.others', { policies: others.join(', ') }))}
    </>
  )
}

function cutOff(all: readonly Caller[], answers: Answers, { trustDomains }: WizardWorld): Caller[] {
  const gone = new Set(callersCutOff(all, answers, trustDomains))
  return all.filter((caller) => gone.has(caller))
}

/** Which workloads a wizard is about. */
function meant(
  answers: Answers,
  { service }: WizardWorld,
  { callers }: WizardSpec,
): (node: Topology['nodes'][number]) => boolean {
  const isOfService = (node: Topology['nodes'][number]): boolean =>
    service !== undefined && node.namespace === service.namespace && (node.app ?? node.name) === appOf(service)
  if (callers === 'cutOff' || answers['scope'] === 'service') return isOfService
  return answers['scope'] === 'mesh'
    ? (node) => node.type === 'workload'
    : (node) => node.namespace === answers['namespace']
}

/** Telemetry tells workloads apart by the label `app`; a service without it is known by its own name. */
const appOf = ({ name, selector }: NonNullable<WizardWorld['service']>): string =>
  selector['app'] ?? selector['app.kubernetes.io/name'] ?? name
