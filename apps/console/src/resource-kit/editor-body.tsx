import { kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import { objectFaults } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { lazy, Suspense, useMemo, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf, useProblemText } from '../components/problem-text.tsx'
import { EmptyState, LoadingState } from '../components/states.tsx'
import { YamlEditor, type LineProblem } from '../components/yaml-editor.tsx'
import { schemaFaults } from '../lib/json-schema.ts'
import { DraftFindings, useDraftFindings } from './draft-findings.tsx'
import { lineOf, parseFieldPath, printDocument, readDraft, type Draft, type DraftFrame } from './draft.ts'
import { useFindingWords } from './finding-text.tsx'
import type { FieldProblem, FormScope, ResourceFormProps } from './forms.ts'
import { printPath } from './form/field-props.ts'
import { NewObjectHead } from './new-object-head.tsx'
import type { EditorView } from './resource-editor.tsx'
import { schemaQueries } from './schema-queries.ts'

const AttachmentStatus = lazy(() =>
  import('./attachment-status.tsx').then((module) => ({ default: module.AttachmentStatus })),
)

export interface EditorBodyProps {
  draft: Draft
  text: string
  onText: (change: string | ((text: string) => string)) => void
  frame: DraftFrame
  view: EditorView
  onView: (view: EditorView) => void
  Form: ComponentType<ResourceFormProps> | undefined
  kind: KindId
  /** With a new object. */
  onCluster: ((cluster: string) => void) | undefined
  scope: FormScope
  /** The object as the cluster has it; absent while a new one is made. */
  present: KubeResource | undefined
  /** What the server said of the text as it stands. */
  serverError: Error | undefined
}

const NO_FIELDS: readonly FieldProblem[] = []

/** The first step: the form with its YAML beside it, or the YAML alone. */
export function EditorBody(props: EditorBodyProps) {
  const { t } = useTranslation(['editor', 'forms'])
  const { draft, text, frame, Form, view } = props
  const describe = useProblemText()
  const fields = props.serverError ? (problemOf(props.serverError).fields ?? NO_FIELDS) : NO_FIELDS
  const problems = useMemo<LineProblem[]>(
    () => [
      ...draft.problems.map(({ code, line, values }): LineProblem => ({
        line,
        message: t(`problems.${code}`, values),
        severity: 'error',
      })),
      ...fields.map(({ field, message }): LineProblem => ({
        line: lineOf(text, draft.document, parseFieldPath(field)),
        message: `${field}: ${message}`,
        severity: 'error',
      })),
    ],
    [draft, fields, text, t],
  )
  const schema = useQuery(schemaQueries.of(props.scope.cluster, props.kind)).data
  const misfits = useMemo<LineProblem[]>(
    () =>
      draft.value === undefined || schema === undefined
        ? []
        : schemaFaults(draft.value, schema).map(({ path, code, values }): LineProblem => ({
            line: lineOf(text, draft.document, path),
            message: t(`schema.${code}`, { ...values, field: printPath(path) }),
            severity: 'warning',
          })),
    [draft, schema, text, t],
  )
  // What the server would hold against the object as a whole; a form says it at its fields, too.
  const faults = useMemo<LineProblem[]>(
    () =>
      (draft.value === undefined ? [] : objectFaults(draft.value)).map(({ field, code }): LineProblem => ({
        line: lineOf(text, draft.document, parseFieldPath(field)),
        message: `${field}: ${t(`forms:rules.${code}`, { text: '' })}`,
        severity: 'error',
      })),
    [draft, text, t],
  )
  const isSound = draft.problems.length === 0
  const wordsOf = useFindingWords()
  const handleEdit: ResourceFormProps['onEdit'] = (edit) =>
    props.onText((current) => {
      const { document, value } = readDraft(current, frame)
      // Text that is no object cannot be edited field by field.
      if (value === undefined) return current
      edit(document)
      return printDocument(document)
    })

  const findings = useDraftFindings(
    { kind: props.kind, cluster: props.scope.cluster },
    isSound ? draft.value : undefined,
  )
  const noted = useMemo<FieldProblem[]>(
    () => [
      ...fields,
      ...(findings ?? [])
        .filter(({ suppressed, level }) => suppressed !== true && level !== 'info')
        .map((finding): FieldProblem => ({
          field: finding.path,
          message: wordsOf(finding).what,
          severity: finding.level === 'error' ? 'error' : 'warning',
        })),
    ],
    // oxlint-disable-next-line react/exhaustive-deps -- as above
    [fields, findings],
  )
  const marked = useMemo<LineProblem[]>(
    () => [
      ...problems,
      ...misfits,
      ...faults,
      ...(findings ?? [])
        .filter(({ suppressed }) => suppressed !== true)
        .map((finding): LineProblem => ({
          line: lineOf(text, draft.document, parseFieldPath(finding.path)),
          message: wordsOf(finding).what,
          severity: finding.level === 'error' ? 'error' : 'warning',
        })),
    ],
    // Words change with the language alone, and with it all of the page is made anew.
    // oxlint-disable-next-line react/exhaustive-deps
    [problems, misfits, faults, findings, text, draft],
  )

  // A new object begins without a name; its field says so, and nobody needs to be shouted at for it.
  const loud = props.onCluster ? problems.filter(({ message }) => message !== t('problems.noName')) : problems
  const refusal = props.serverError && fields.length === 0 ? describe(props.serverError) : undefined

  return (
    <>
      {props.onCluster && (
        <NewObjectHead
          kind={props.kind}
          cluster={props.scope.cluster}
          onCluster={props.onCluster}
          value={draft.value}
          onEdit={handleEdit}
        />
      )}
      {refusal && (
        <Alert
          type="error"
          showIcon
          title={refusal.title}
          description={refusal.detail && <pre className="md-words">{refusal.detail}</pre>}
        />
      )}
      {loud.length > 0 && (
        <ul className="md-problems" role="alert">
          {loud.map((problem) => (
            <li key={`${problem.line}:${problem.message}`}>
              {problem.line !== undefined && (
                <span className="md-muted">{t('problems.line', { line: problem.line })} </span>
              )}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
      {props.present && kindOf(props.kind).category === 'gateway-api' && (
        <Suspense fallback={null}>
          <AttachmentStatus kind={props.kind} resource={props.present} />
        </Suspense>
      )}
      {view === 'form' && Form ? (
        <div className="md-editor-split">
          <section className="md-card md-card-body">
            {draft.value ? (
              <Suspense fallback={<LoadingState rows={10} />}>
                <Form value={draft.value} onEdit={handleEdit} scope={props.scope} problems={noted} />
              </Suspense>
            ) : (
              <EmptyState
                title={t('formUnreadable.title')}
                action={<Button onClick={() => props.onView('yaml')}>{t('formUnreadable.toYaml')}</Button>}
              >
                {t('formUnreadable.what')}
              </EmptyState>
            )}
          </section>
          <section className="md-card md-editor-preview" aria-label={t('preview')}>
            <header>
              <h2>{t('preview')}</h2>
            </header>
            <YamlEditor value={text} label={t('preview')} problems={marked} readOnly />
          </section>
        </div>
      ) : (
        <section className="md-card md-editor-yaml">
          <YamlEditor value={text} onChange={props.onText} problems={marked} label={t('yamlLabel')} schema={schema} />
        </section>
      )}
      {findings !== undefined && <DraftFindings findings={findings} onEdit={handleEdit} />}
    </>
  )
}
