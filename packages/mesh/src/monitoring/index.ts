export * from './dashboards.ts'
export * from './panel.ts'
export { FAILURES, REPORTS } from './reports.ts'
