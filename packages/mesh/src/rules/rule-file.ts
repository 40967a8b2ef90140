/** Rules as Prometheus reads them. Source: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
export interface Rule {
  record?: string
  alert?: string
  expr: string
  labels?: Readonly<Record<string, string>>
  annotations?: Readonly<Record<string, string>>
}

export interface RuleGroup {
  name: string
  /** `30s`. */
  interval: string
  rules: readonly Rule[]
}

/** A file of rules, for `rule_files` of Prometheus, Thanos Ruler and vmalert, and for the rulers of Mimir and Cortex. */
export interface RuleFile {
  groups: readonly RuleGroup[]
}

/** The same for the Prometheus Operator, which picks it up by its labels. Source: its API reference, PrometheusRule. */
export function prometheusRule(name: string, { groups }: RuleFile): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name, labels: { 'app.kubernetes.io/part-of': 'meshdeck' } },
    spec: { groups },
  }
}
