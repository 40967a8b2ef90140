import type { ClusterLeftovers } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../components/command-box.tsx'

/** What Meshdeck has made in a cluster for a mesh, with the commands that take it away. */
export function Leftovers({ leftovers, title }: { leftovers: ClusterLeftovers; title: string }) {
  const { t } = useTranslation('lifecycle')
  const { seen, objects, unread, commands } = leftovers
  return (
    <section className="md-stack" aria-label={title}>
      <strong>{title}</strong>
      {!seen && <p className="md-muted">{t('leftovers.expected')}</p>}
      {objects.length === 0 ? (
        <p className="md-muted">{t('leftovers.none')}</p>
      ) : (
        <ul className="md-affected">
          {objects.map(({ kind, namespace, name }) => (
            <li key={`${kind}/${namespace}/${name}`}>
              {kind === 'HelmRelease' ? t('leftovers.release') : kind} {namespace === undefined ? '' : `${namespace}/`}
              {name}
            </li>
          ))}
        </ul>
      )}
      {unread.length > 0 && <p className="md-muted">{t('leftovers.unread', { kinds: unread.join(', ') })}</p>}
      {commands.length > 0 && <CommandBox title={t('leftovers.commands')} command={commands.join('\n')} />}
    </section>
  )
}

/** A script with everything that stays behind; what was not seen is said to be expected only. */
export function leftoverScript(mesh: string, made: readonly ClusterLeftovers[], at: Date): string {
  const parts = made
    .filter(({ commands }) => commands.length > 0)
    .map(({ cluster, seen, commands }) =>
      [`# cluster ${cluster}${seen ? '' : ' (could not be asked: what the mesh would have made)'}`, ...commands].join(
        '\n',
      ),
    )
  return [
    '#!/bin/sh',
    `# What mesh ${mesh} left behind when its deletion was forced, ${at.toISOString()}.`,
    '# Contexts are called as the clusters are in Meshdeck; change them to those of your kubeconfig.',
    '',
    parts.join('\n\n'),
    '',
  ].join('\n')
}
