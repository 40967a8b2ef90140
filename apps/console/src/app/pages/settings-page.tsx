import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import Segmented from 'antd/es/segmented'
import { Page } from '../../components/page.tsx'
import { useHost } from '../../lib/host.ts'
import { LOCALES, usePreferences, type ThemeChoice } from '../../lib/preferences.tsx'
import { useSession } from '../../lib/session.ts'
import { matchLocale } from '../../lib/i18n.ts'

/** Languages call themselves by their own names. */
const LANGUAGE_NAMES = { 'zh-CN': '简体中文', 'en-US': 'English' } as const
const THEMES: readonly ThemeChoice[] = ['light', 'dark', 'system']

/** Account, appearance, about. */
export function SettingsPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('menu.settings')} description={t('settings.description')}>
      <Account />
      <Appearance />
      <About />
    </Page>
  )
}

function Account() {
  const { t } = useTranslation()
  const session = useSession()
  if (!session) return null
  return (
    <Section title={t('settings.account')}>
      <dl className="md-facts">
        <dt>{t('settings.user')}</dt>
        <dd>{session.user.name}</dd>
        <dt>{t('settings.groups')}</dt>
        <dd>{session.user.groups.join(', ') || t('shell.noGroups')}</dd>
        <dt>{t('settings.mode')}</dt>
        <dd>{t(`settings.modes.${session.mode}`)}</dd>
      </dl>
    </Section>
  )
}

function Appearance() {
  const { t } = useTranslation()
  const host = useHost()
  const [preferences, setPreferences] = usePreferences()
  const fixed = <span className="md-muted">{t('settings.fixedByHost')}</span>
  return (
    <Section title={t('settings.appearance')}>
      <dl className="md-facts">
        <dt>{t('settings.language')}</dt>
        <dd>
          {host?.controls.locale === false ? (
            fixed
          ) : (
            <Segmented
              aria-label={t('settings.language')}
              value={preferences.locale ?? matchLocale(navigator.languages)}
              options={LOCALES.map((locale) => ({ value: locale, label: LANGUAGE_NAMES[locale] }))}
              onChange={(locale) => setPreferences({ locale })}
            />
          )}
        </dd>
        <dt>{t('settings.theme')}</dt>
        <dd>
          {host?.controls.theme === false ? (
            fixed
          ) : (
            <Segmented
              aria-label={t('settings.theme')}
              value={preferences.theme}
              options={THEMES.map((theme) => ({ value: theme, label: t(`settings.themes.${theme}`) }))}
              onChange={(theme) => setPreferences({ theme })}
            />
          )}
        </dd>
      </dl>
    </Section>
  )
}

function About() {
  const { t } = useTranslation()
  const session = useSession()
  return (
    <Section title={t('settings.about')}>
      <dl className="md-facts">
        <dt>{t('settings.version')}</dt>
        <dd>{session?.version ?? '–'}</dd>
        <dt>{t('settings.licence')}</dt>
        <dd>Apache-2.0</dd>
      </dl>
    </Section>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="md-card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
      </header>
      <div className="md-card-body">{children}</div>
    </section>
  )
}
