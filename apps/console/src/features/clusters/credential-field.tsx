import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { CREDENTIAL_MEMBERS, type CredentialInput, type credentialProblem } from './credential-input.ts'
import { Field } from './field.tsx'

export interface CredentialFieldProps {
  input: CredentialInput
  /** The Secret that holds the one that is there. */
  secret: string | undefined
  problem: ReturnType<typeof credentialProblem>
  onChange: (input: CredentialInput) => void
}

const CHOICES = ['keep', 'none', 'token', 'password', 'certificate'] as const
type Member = Exclude<keyof CredentialInput, 'choice'>
const HIDDEN: ReadonlySet<Member> = new Set(['token', 'password'])
const LONG: ReadonlySet<Member> = new Set(['certificate', 'key', 'authority'])

/** How Prometheus is shown who asks: kept as it is, taken away, or replaced. */
export function CredentialField({ input, secret, problem, onChange }: CredentialFieldProps) {
  const { t } = useTranslation('joining')
  const id = useId()
  const isReplaced = input.choice !== 'keep' && input.choice !== 'none'
  const members: readonly Member[] = [
    ...CREDENTIAL_MEMBERS[input.choice],
    ...(isReplaced ? (['authority'] as const) : []),
  ]
  return (
    <>
      <Field
        id={`${id}-choice`}
        label={t('edit.credential.label')}
        help={secret === undefined ? t('edit.credential.absent') : t('edit.credential.present', { secret })}
      >
        <Select
          id={`${id}-choice`}
          value={input.choice}
          aria-describedby={`${id}-choice-help`}
          options={CHOICES.map((value) => ({ value, label: t(`edit.credential.choices.${value}`) }))}
          onChange={(choice: CredentialInput['choice']) => onChange({ ...input, choice })}
        />
      </Field>
      {members.map((member) => {
        const wrong = problem === member
        const common = {
          id: `${id}-${member}`,
          value: input[member],
          autoComplete: 'off',
          'aria-describedby': `${id}-${member}-help`,
          ...(wrong && input[member] !== '' ? { status: 'error' as const, 'aria-invalid': true } : {}),
          onChange: (event: { target: { value: string } }) => onChange({ ...input, [member]: event.target.value }),
        }
        return (
          <Field
            key={member}
            id={`${id}-${member}`}
            label={t(`edit.credential.members.${member}`)}
            fault={wrong && input[member] !== '' ? t('edit.credential.notPem') : undefined}
            {...(member === 'authority' ? { help: t('edit.credential.authorityHelp') } : {})}
            wide={LONG.has(member)}
          >
            {LONG.has(member) ? (
              <Input.TextArea {...common} rows={4} spellCheck={false} placeholder="-----BEGIN …" />
            ) : HIDDEN.has(member) ? (
              <Input.Password {...common} visibilityToggle={false} autoComplete="new-password" />
            ) : (
              <Input {...common} />
            )}
          </Field>
        )
      })}
    </>
  )
}
