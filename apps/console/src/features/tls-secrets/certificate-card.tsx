import type { CertificateFacts, TlsSecretView } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'

/** All that is public of what a Secret holds: its certificates in their order, what is at fault and what to know. */
export function CertificateCards({ secret: { chain, authorities, faults, notes } }: { secret: TlsSecretView }) {
  const { t } = useTranslation('tls-secrets')
  return (
    <>
      {faults.map(({ code, at }) => (
        <Alert key={`${code} ${at}`} type="error" showIcon title={t(`faults.${code}`, { at: at ?? 1 })} />
      ))}
      {notes.map((code) => (
        <Alert key={code} type="warning" showIcon title={t(`notes.${code}`)} />
      ))}
      {chain.map((certificate, at) => (
        <CertificateCard
          key={certificate.fingerprint}
          title={at === 0 ? t('certificate.own') : t('certificate.issuer', { at: at + 1 })}
          certificate={certificate}
        />
      ))}
      {authorities.map((certificate) => (
        <CertificateCard key={certificate.fingerprint} title={t('certificate.authority')} certificate={certificate} />
      ))}
    </>
  )
}

function CertificateCard({ title, certificate }: { title: string; certificate: CertificateFacts }) {
  const { t } = useTranslation('tls-secrets')
  const format = useFormat()
  const facts = [
    ['subject', certificate.subject],
    ['names', certificate.names.join(', ')],
    ['issuedBy', certificate.isSelfSigned ? t('certificate.itself') : certificate.issuer],
    ['notBefore', format.dateTime(certificate.notBefore)],
    ['notAfter', format.dateTime(certificate.notAfter)],
    ['keyType', certificate.keyType],
    ['serial', certificate.serial],
    ['fingerprint', certificate.fingerprint],
  ] as const
  return (
    <section className="md-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <dl className="md-card-body md-facts">
        {facts.map(([key, value]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{t(`certificate.facts.${key}`)}</dt>
            <dd style={{ overflowWrap: 'anywhere' }}>{value === '' ? '–' : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
