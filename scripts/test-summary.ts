import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Names, below everything else that vitest prints, the tests that failed and those that passed only at a second try: a log
 * of which only the end was kept still says what to look at.
 */
export class TestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()])
    this.#print(
      'failed',
      tests.filter((test) => test.result().state === 'failed'),
    )
    this.#print(
      'passed only at the second try, mend it',
      tests.filter((test) => test.diagnostic()?.flaky),
    )
  }

  #print(what: string, tests: readonly TestCase[]): void {
    for (const { module, fullName } of tests) console.log(`${what}: ${module.relativeModuleId} > ${fullName}`)
  }
}
