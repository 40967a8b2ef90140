import { useTranslation } from 'react-i18next'
import Segmented from 'antd/es/segmented'
import { AppLink } from '../../components/app-link.tsx'
import { Card } from '../../components/card.tsx'
import { Page } from '../../components/page.tsx'
import { useHost } from '../../lib/host.ts'
import { LOCALES, usePreferences, type ThemeChoice } from '../../lib/preferences.tsx'
import { useSession } from '../../lib/session.ts'
import { matchLocale } from '../../lib/i18n.ts'
import { queryPlaces } from '../../lib/query-places.ts'

/** Languages call themselves by their own names. */
const LANGUAGE_NAMES = { 'zh-CN': '简体中文', 'en-US': 'English' } as const
const THEMES: readonly ThemeChoice[] = ['light', 'dark', 'system']

/** Account, appearance, about. */
export function SettingsPage() {
  const { t } = useTranslation('settings')
  return (
    <Page title={t('menu.settings')} description={t('description')}>
      <Account />
      <Appearance />
      <About />
      <Card title={t('server')}>
        <p>
          <AppLink place={queryPlaces.load()}>{t('queries')}</AppLink>{' '}
          <span className="md-muted">{t('queriesWhat')}</span>
        </p>
      </Card>
    </Page>
  )
}

function Account() {
  const { t } = useTranslation('settings')
  const session = useSession()
  if (!session) return null
  return (
    <Card title={t('account')}>
      <dl className="md-facts">
        <dt>{t('user')}</dt>
        <dd>{session.user.name}</dd>
        <dt>{t('groups')}</dt>
        <dd>{session.user.groups.join(', ') || t('shell.noGroups')}</dd>
        <dt>{t('mode')}</dt>
        <dd>{t(`modes.${session.mode}`)}</dd>
      </dl>
    </Card>
  )
}

function Appearance() {
  const { t } = useTranslation('settings')
  const host = useHost()
  const [preferences, setPreferences] = usePreferences()
  const fixed = <span className="md-muted">{t('fixedByHost')}</span>
  return (
    <Card title={t('appearance')}>
      <dl className="md-facts">
        <dt>{t('language')}</dt>
        <dd>
          {host?.controls.locale === false ? (
            fixed
          ) : (
            <Segmented
              aria-label={t('language')}
              value={preferences.locale ?? matchLocale(navigator.languages)}
              options={LOCALES.map((locale) => ({ value: locale, label: LANGUAGE_NAMES[locale] }))}
              onChange={(locale) => setPreferences({ locale })}
            />
          )}
        </dd>
        <dt>{t('theme')}</dt>
        <dd>
          {host?.controls.theme === false ? (
            fixed
          ) : (
            <Segmented
              aria-label={t('theme')}
              value={preferences.theme}
              options={THEMES.map((theme) => ({ value: theme, label: t(`themes.${theme}`) }))}
              onChange={(theme) => setPreferences({ theme })}
            />
          )}
        </dd>
      </dl>
    </Card>
  )
}

function About() {
  const { t } = useTranslation('settings')
  const session = useSession()
  return (
    <Card title={t('about')}>
      <dl className="md-facts">
        <dt>{t('version')}</dt>
        <dd>{session?.version ?? '–'}</dd>
        <dt>{t('licence')}</dt>
        <dd>Apache-2.0</dd>
      </dl>
    </Card>
  )
}
