import { kindOf, type KindId } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { ForbiddenState } from '../components/states.tsx'
import type { AccessScope, Verb } from '../lib/access.ts'
import { ApiError } from '../lib/api.ts'

/** Stands in place of an editor that its reader has no right to use, and names that right. */
export function MissingRight({ verb, kind, cluster, namespace, name }: AccessScope & { verb: Verb; kind: KindId }) {
  const { t } = useTranslation('problems')
  const { group, plural } = kindOf(kind)
  const error = new ApiError({
    type: 'about:blank',
    code: 'forbidden',
    title: 'Forbidden',
    status: 403,
    cluster,
    missing: {
      verb,
      group,
      resource: plural,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    },
  })
  return <ForbiddenState error={error} title={t('forbidden.title')} />
}
