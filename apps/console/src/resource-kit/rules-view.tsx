import { useQuery, type UseQueryOptions } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../components/command-box.tsx'
import { QueryView } from '../components/states.tsx'
import { saveText } from '../lib/save-text.ts'

/** How rules are written: for `rule_files`, or as an object of the Prometheus Operator. */
export type RulesFormat = 'file' | 'operator'

export interface RulesViewProps<Key extends readonly unknown[]> {
  /** Name of the file. */
  file: string
  /** Asks for the rules as YAML. */
  queryOf: (format: RulesFormat) => UseQueryOptions<string, Error, string, Key>
}

/** Rules for Prometheus in both forms, to be copied or taken along, with how they are installed. */
export function RulesView<Key extends readonly unknown[]>({ file, queryOf }: RulesViewProps<Key>) {
  const { t } = useTranslation('rules')
  const [format, setFormat] = useState<RulesFormat>('operator')
  const query = useQuery(queryOf(format))
  return (
    <div className="md-stack md-rules">
      <div className="md-rules-bar">
        <Segmented<RulesFormat>
          aria-label={t('format')}
          value={format}
          options={[
            { value: 'operator', label: t('operator') },
            { value: 'file', label: t('file') },
          ]}
          onChange={setFormat}
        />
        <Button disabled={query.data === undefined} onClick={() => saveText(file, query.data ?? '')}>
          {t('download')}
        </Button>
      </div>
      <p className="md-muted">{t(`how.${format}`, { file })}</p>
      <QueryView query={query}>{(text) => <CommandBox title={file} command={text} />}</QueryView>
    </div>
  )
}
