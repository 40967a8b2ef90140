import { defineConfig } from 'vitest/config'
import { TestSummary } from './scripts/test-summary.ts'

/**
 * Two projects. `unit` needs nothing but Node; `lab` talks to the real API servers of e2e/lab, which
 * `npm test` brings up before (or `pnpm lab up` by hand).
 */
export default defineConfig({
  test: {
    reporters: ['default', new TestSummary()],
    // For CI, see scripts/test.ts.
    retry: Number(process.env['MESHDECK_TEST_RETRIES'] ?? 0),
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{apps,packages}/*/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
            'e2e/{lab/src,support}/**/*.test.ts',
          ],
          exclude: ['**/*.lab.test.ts', '**/node_modules/**'],
          // They end what hangs, and are no aims: a machine that does more beside takes five times as long for anything.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          name: 'lab',
          include: ['{apps,packages}/*/src/**/*.lab.test.ts', 'e2e/conformance/*.lab.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One lab for all: files that stop and start its clusters must not run beside others.
          fileParallelism: false,
          globalSetup: 'scripts/lab-test-setup.ts',
        },
      },
    ],
  },
})
