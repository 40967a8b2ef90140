import { expect, it } from 'vitest'
import { planLab } from './plan.ts'
import { renderStatus, renderWelcome } from './report.ts'

const lab = () =>
  planLab('/tmp/report-lab', { clusters: ['alpha'], bare: false }, '/bin', { prometheus: '/p', promtool: '/t' })

it('the status is a table, with what stopped told from what does not answer', async () => {
  const part = { cluster: 'alpha', healthUrl: 'http://127.0.0.1:1/', pid: 7 }
  const lines = renderStatus(await lab(), [
    { ...part, part: 'kwok', isRunning: true, isHealthy: true },
    { ...part, part: 'istiod', isRunning: true, isHealthy: false },
    { ...part, part: 'etcd', cluster: undefined, pid: undefined, isRunning: false, isHealthy: false },
  ]).split('\n')
  expect(lines.slice(2)).toEqual([
    'CLUSTER  PART    PID  STATUS         ASKED',
    'alpha    kwok    7    healthy        http://127.0.0.1:1/',
    'alpha    istiod  7    not answering  http://127.0.0.1:1/',
    '-        etcd    -    stopped        http://127.0.0.1:1/',
  ])
})

it('the welcome names the kubeconfigs of all users, and no token', async () => {
  const text = renderWelcome(await lab())
  for (const person of ['admin', 'editor', 'viewer', 'nobody'])
    expect(text).toContain(`/tmp/report-lab/users/${person}.kubeconfig`)
  expect(text).toContain('tokens      /tmp/report-lab/tokens.json')
})
