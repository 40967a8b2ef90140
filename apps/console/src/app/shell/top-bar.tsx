import MoonOutlined from '@ant-design/icons/es/icons/MoonOutlined'
import QuestionCircleOutlined from '@ant-design/icons/es/icons/QuestionCircleOutlined'
import SunOutlined from '@ant-design/icons/es/icons/SunOutlined'
import { useLocation, useNavigate } from '@tanstack/react-router'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useHost } from '../../lib/host.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { useActAs, useSession, useSignOut } from '../../lib/session.ts'
import { Logo } from './logo.tsx'

/** Logo, global places, language, theme, help, user. */
export function TopBar({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  const path = useLocation({ select: (location) => location.pathname })
  const globalPlaces = [
    { id: 'meshes', place: places.meshes() },
    { id: 'clusters', place: places.clusters() },
  ]
  return (
    <header className="md-top-bar">
      <AppLink place={places.meshes()} className="md-brand" aria-label={t('shell.home')}>
        <Logo />
        <span>{t('product')}</span>
      </AppLink>
      <nav aria-label={t('shell.globalPlaces')}>
        {globalPlaces.map(({ id, place }) => (
          <AppLink
            key={id}
            place={place}
            aria-current={path === place.to || path.startsWith(`${place.to}/`) ? 'page' : undefined}
          >
            {t(`menu.${id}`)}
          </AppLink>
        ))}
      </nav>
      <LanguageSwitch />
      <ThemeSwitch />
      <button
        type="button"
        className="md-bar-button"
        aria-label={t('shell.help')}
        title={`${t('shell.help')} (?)`}
        onClick={onHelp}
      >
        <QuestionCircleOutlined />
      </button>
      <UserMenu />
    </header>
  )
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const [, setPreferences] = usePreferences()
  if (useHost()?.controls.locale === false) return null
  const chinese = i18n.language === 'zh-CN'
  return (
    <button
      type="button"
      className="md-bar-button"
      title={t('shell.switchLanguage')}
      onClick={() => setPreferences({ locale: chinese ? 'en-US' : 'zh-CN' })}
    >
      <span className={chinese ? 'md-on' : 'md-off'}>中</span> /{' '}
      <span className={chinese ? 'md-off' : 'md-on'}>En</span>
      <span className="md-visually-hidden"> {t('shell.switchLanguage')}</span>
    </button>
  )
}

function ThemeSwitch() {
  const { t } = useTranslation()
  const [, setPreferences] = usePreferences()
  const host = useHost()
  if (host?.controls.theme === false) return null
  const handleClick = () => setPreferences({ theme: host?.root.dataset['theme'] === 'dark' ? 'light' : 'dark' })
  return (
    <button
      type="button"
      className="md-bar-button"
      aria-label={t('shell.switchTheme')}
      title={t('shell.switchTheme')}
      onClick={handleClick}
    >
      <MoonOutlined className="md-only-light" />
      <SunOutlined className="md-only-dark" />
    </button>
  )
}

function UserMenu() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const signOut = useSignOut()
  const actAs = useActAs()
  const host = useHost()
  const canSignOut = session?.mode === 'bearer' && host?.controls.session !== false
  if (!session) return null
  const { name, groups } = session.user
  const people = session.sandbox?.people ?? []
  return (
    <Dropdown
      trigger={['click']}
      autoFocus
      menu={{
        items: [
          {
            key: 'who',
            type: 'group',
            label: (
              <div className="md-user">
                <strong>{name}</strong>
                <span>{groups.length === 0 ? t('shell.noGroups') : groups.join(', ')}</span>
              </div>
            ),
          },
          { key: 'settings', label: t('menu.settings'), onClick: () => void navigate(places.settings()) },
          ...(people.length === 0
            ? []
            : [
                {
                  key: 'try-as',
                  type: 'group' as const,
                  label: t('sandbox.tryAs'),
                  children: [
                    { key: 'owner', label: t('sandbox.owner'), onClick: () => actAs.mutate(undefined) },
                    ...people.map((person) => ({
                      key: `person-${person}`,
                      label: t(`sandbox.person.${person}`, person),
                      onClick: () => actAs.mutate(person),
                    })),
                  ],
                },
              ]),
          ...(canSignOut ? [{ key: 'sign-out', label: t('shell.signOut'), onClick: () => signOut.mutate() }] : []),
        ],
      }}
    >
      <button
        type="button"
        className="md-bar-button md-user-button"
        aria-label={t('shell.userMenu', { name })}
        aria-haspopup="menu"
      >
        {name} ▾
      </button>
    </Dropdown>
  )
}
