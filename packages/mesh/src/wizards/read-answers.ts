import type { Answers, WizardProblem } from './wizard.ts'

const DURATION = /^(?=.*[1-9])(\d+(\.\d+)?(h|m|s|ms))+$/
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/

/** Reads answers and gathers what is wrong with them. What cannot be read comes as its emptiest value. */
export function readAnswers(answers: Answers) {
  const problems: WizardProblem[] = []
  const tell = (field: string, code: WizardProblem['code']): void => void problems.push({ field, code })
  const text = (field: string): string => (answers[field] ?? '').trim()
  const required = (field: string): string => {
    if (text(field) === '') tell(field, 'required')
    return text(field)
  }
  const number = (field: string, min: number, max: number): number | undefined => {
    if (text(field) === '') return undefined
    const value = Number(text(field))
    if (!Number.isInteger(value) || value < min || value > max) tell(field, 'range')
    return value
  }
  return {
    problems,
    tell,
    text,
    required,
    number,
    flag: (field: string): boolean => text(field) === 'true',
    list: (field: string): string[] =>
      text(field)
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    requiredNumber(field: string, min: number, max: number): number {
      required(field)
      return number(field, min, max) ?? min
    },
    /** Absent when nothing was said. */
    duration(field: string): string | undefined {
      if (text(field) === '') return undefined
      if (!DURATION.test(text(field))) tell(field, 'duration')
      return text(field)
    },
    host(field: string): string {
      const host = required(field).toLowerCase()
      if (host !== '' && !HOST.test(host)) tell(field, 'host')
      return host
    },
    /** A name of an object or a namespace. */
    label(field: string): string {
      const name = required(field)
      if (name !== '' && !LABEL.test(name)) tell(field, 'name')
      return name
    },
    /** `v1=90,v2=10`: shares that sum to 100, of two versions or more. */
    shares(field: string): { version: string; weight: number }[] {
      const shares = text(field)
        .split(',')
        .flatMap((part) => {
          const [, version = '', weight = ''] = /^(.+)=(\d*)$/.exec(part.trim()) ?? []
          return version === '' ? [] : [{ version, weight: Number(weight) }]
        })
      if (shares.length < 2) tell(field, 'few')
      else if (shares.reduce((sum, { weight }) => sum + weight, 0) !== 100) tell(field, 'sum')
      return shares
    },
  }
}

export type AnswerReader = ReturnType<typeof readAnswers>
