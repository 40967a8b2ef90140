export { prometheusRule } from '../rules/rule-file.ts'
export * from './pack.ts'
export * from './recorded-query.ts'
