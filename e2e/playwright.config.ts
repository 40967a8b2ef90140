import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const executablePath = [
  process.env['MESHDECK_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

/**
 * Journeys through the whole stack on the lab (`npm run lab up` first; `npm test` does it all), or with
 * MESHDECK_TESTBED=sandbox on simulated clusters with the same in them.
 */
export default defineConfig({
  testDir: 'tests',
  // What a newcomer sees, the Sail Operator, and ztunnels that answer are of the sandbox alone; Helm that installs a real istiod, of the lab.
  testIgnore:
    process.env['MESHDECK_TESTBED'] === 'sandbox'
      ? ['create-mesh-helm.spec.ts']
      : ['sandbox.spec.ts', 'create-mesh.spec.ts', 'mesh-life.spec.ts', 'batch-restart.spec.ts', 'ztunnel.spec.ts'],
  globalSetup: './global-setup.ts',
  outputDir: '../test-results',
  // One hub and one stack for all: journeys change what others would see.
  workers: 1,
  fullyParallel: false,
  // For CI, see scripts/test.ts.
  retries: Number(process.env['MESHDECK_TEST_RETRIES'] ?? 0),
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    // Printed by `npm start`, see global-setup.ts.
    ...(process.env['MESHDECK_URL'] === undefined ? {} : { baseURL: process.env['MESHDECK_URL'] }),
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
