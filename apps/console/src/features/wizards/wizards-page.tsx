import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { wizardPlaces } from '../../lib/wizard-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { CATALOGUE } from './catalogue.ts'

const schema = searchSchema<{ service: string }>({ service: param.text() })
const GROUPS = ['traffic', 'resilience', 'security', 'edge'] as const

/** What people come to do, each a few questions away. With `service` those that are about a service begin with it. */
export function WizardsPage() {
  useStyle(kitCss)
  const { t } = useTranslation('wizards')
  const { mesh } = useMeshScope()
  const [{ service }] = usePageSearch(schema)
  return (
    <Page title={t('title')} description={t('what')}>
      {GROUPS.map((group) => (
        <section key={group} className="md-stack" aria-label={t(`groups.${group}`)}>
          <h2>{t(`groups.${group}`)}</h2>
          <div className="md-kind-grid">
            {CATALOGUE.filter((each) => each.group === group).map((wizard) => (
              <article key={wizard.id} className="md-card md-kind-card">
                <AppLink
                  place={wizardPlaces.wizard(
                    mesh,
                    wizard.id,
                    service === '' || wizard.service === false ? {} : { service },
                  )}
                  className="md-row-name"
                >
                  {t(`wizards.${wizard.id}.title`)}
                </AppLink>
                <p>{t(`wizards.${wizard.id}.what`)}</p>
              </article>
            ))}
          </div>
        </section>
      ))}
    </Page>
  )
}
