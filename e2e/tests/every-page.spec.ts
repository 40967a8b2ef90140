import type { Page } from '@playwright/test'
import { LOOKS, violationsOf } from '../support/accessibility.ts'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'

const PAGES = [
  '/meshes',
  '/meshes?view=table',
  '/meshes/-create?mode=external',
  '/meshes/-create?mode=dedicated',
  '/meshes/-create?mode=managed',
  `/meshes/${MESH}/overview`,
  `/meshes/${MESH}/-edit`,
  `/meshes/${MESH}/-adopt`,
  `/meshes/${MESH}/topology`,
  `/meshes/${MESH}/topology?display=table`,
  `/meshes/${MESH}/topology?view=version&compare=300&hide=idle`,
  `/meshes/${MESH}/topology?view=cluster&display=table&rows=nodes&compare=300&find=rps+%3E`,
  `/meshes/${MESH}/monitoring/mesh`,
  `/meshes/${MESH}/monitoring/services?namespace=shop&name=cart&exemplars=true`,
  `/meshes/${MESH}/monitoring/workloads?namespace=shop`,
  `/meshes/${MESH}/monitoring/control-plane`,
  `/meshes/${MESH}/monitoring/performance`,
  `/meshes/${MESH}/monitoring/ztunnel`,
  `/meshes/${MESH}/monitoring/explore?query=pilot_info`,
  `/meshes/${MESH}/monitoring/recording-rules`,
  `/meshes/${MESH}/service-levels`,
  `/meshes/${MESH}/service-levels/-create?service=shop/cart`,
  `/meshes/${MESH}/service-levels/none`,
  `/meshes/${MESH}/services`,
  `/meshes/${MESH}/services/shop/cart/overview`,
  ...['addresses', 'instances', 'versions', 'traffic', 'topology', 'topology?display=table', 'rules', 'diagnosis'].map(
    (tab) => `/meshes/${MESH}/services/shop/reviews/${tab}`,
  ),
  `/meshes/${MESH}/sidecars/global`,
  `/meshes/${MESH}/sidecars/namespaces`,
  `/meshes/${MESH}/sidecars/workloads`,
  `/meshes/${MESH}/sidecars/restarts`,
  `/meshes/${MESH}/sidecars/restarts/none`,
  `/meshes/${MESH}/proxies`,
  `/meshes/${MESH}/clusters`,
  `/meshes/${MESH}/virtual-services`,
  `/meshes/${MESH}/virtual-services/shop/reviews?cluster=${HUB_CLUSTER}`,
  `/meshes/${MESH}/virtual-services/shop/reviews/-edit?cluster=${HUB_CLUSTER}`,
  `/meshes/${MESH}/destination-rules/-create?cluster=${HUB_CLUSTER}&namespace=shop`,
  ...[
    'gateways',
    'service-entries',
    'peer-authentications',
    'request-authentications',
    'authorization-policies',
    'sidecars',
    'telemetries',
    'http-routes',
    'k8s-gateways',
  ].map((kinds) => `/meshes/${MESH}/${kinds}/-create?cluster=${HUB_CLUSTER}&namespace=shop`),
  `/meshes/${MESH}/findings`,
  `/meshes/${MESH}/history?baselines=true`,
  `/meshes/${MESH}/virtual-services/shop/reviews?cluster=${HUB_CLUSTER}&tab=history`,
  `/meshes/${MESH}/virtual-services/shop/reviews?cluster=${HUB_CLUSTER}&tab=references`,
  `/meshes/${MESH}/explain?from=outside&host=reviews.shop&port=8080`,
  `/meshes/${MESH}/config/-import`,
  `/meshes/${MESH}/config/istio-resources`,
  `/meshes/${MESH}/-wizards`,
  ...['split', 'canary', 'mirror', 'fault', 'timeout', 'breaker', 'mtls', 'allow', 'expose', 'external'].map(
    (wizard) => `/meshes/${MESH}/-wizards/${wizard}?service=shop/reviews`,
  ),
  `/meshes/${MESH}/config/tls-secrets`,
  `/meshes/${MESH}/config/tls-secrets/-create`,
  '/clusters',
  '/clusters/-join',
  '/clusters/-join?from=hub',
  `/clusters/${HUB_CLUSTER}`,
  `/clusters/${HUB_CLUSTER}/-edit`,
  `/clusters/${HUB_CLUSTER}/-renew`,
  '/settings',
  '/settings/queries',
  '/no-such-page',
] as const

/** Texts whose key has no translation show the key: `list.create` and the like. Hosts are written like that too. */
const BARE_KEY = /^(?!(.*\.)?example\.com$|[a-z-]+\.(?:shop|backend|legacy|default)$)[a-z][A-Za-z]*(\.[A-Za-z-]+)+$/

for (const { locale, colorScheme } of LOOKS) {
  test.describe(`in ${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme })
    for (const path of PAGES) {
      test(`${path} is accessible and fully translated`, async ({ page }) => {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        // Skeletons have gone: what is checked is the page, not its outline.
        await expect(page.locator('.ant-skeleton')).toHaveCount(0)
        await expect(page.locator('.md-state[role="alert"]')).toHaveCount(0)
        expect(await violationsOf(page)).toEqual([])
        expect((await textsOf(page)).filter((text) => BARE_KEY.test(text))).toEqual([])
      })
    }
  })
}

/** Texts that a reader sees, without names and code, which no language has. */
function textsOf(page: Page): Promise<string[]> {
  return page.locator('main').evaluate((main) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
    const texts: string[] = []
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode
      if (parentElement?.closest('code, pre, a, td, .cm-editor, .ant-tag, svg') === null)
        texts.push(textContent?.trim() ?? '')
    }
    return texts
  })
}
