import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type AnyRoute,
  type RouteComponent,
  type RouterHistory,
} from '@tanstack/react-router'
import { ErrorState, LoadingState } from '../components/states.tsx'
import { readQueryString, writeQueryString } from '../lib/search-params.ts'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { FleetLayout } from './shell/fleet-layout.tsx'
import { MeshLayout } from './shell/mesh-layout.tsx'
import { Shell } from './shell/shell.tsx'

/** Pages are loaded when they are visited (or pointed at). One line each: path and page. */
const fleetPages = {
  '/meshes': lazyRouteComponent(() => import('../features/meshes/meshes-page.tsx'), 'MeshesPage'),
  '/meshes/-create': lazyRouteComponent(() => import('../features/meshes/create-mesh-page.tsx'), 'CreateMeshPage'),
  '/clusters': lazyRouteComponent(() => import('../features/clusters/clusters-page.tsx'), 'ClustersPage'),
  '/clusters/-join': lazyRouteComponent(() => import('../features/clusters/join-cluster-page.tsx'), 'JoinClusterPage'),
  '/clusters/$cluster': lazyRouteComponent(() => import('../features/clusters/cluster-page.tsx'), 'ClusterPage'),
  '/clusters/$cluster/$form': lazyRouteComponent(() => import('./pages/cluster-form-page.tsx'), 'ClusterFormPage'),
  '/settings': lazyRouteComponent(() => import('./pages/settings-page.tsx'), 'SettingsPage'),
  '/settings/queries': lazyRouteComponent(() => import('../features/queries/queries-page.tsx'), 'QueriesPage'),
}

const servicePage = lazyRouteComponent(() => import('./pages/service-page.tsx'), 'ServiceRoute')
const resourcePage = lazyRouteComponent(() => import('./pages/resource-page.tsx'), 'ResourcePage')

/** Below `/meshes/$mesh`. A fixed segment wins over `$kind`, and no name can start with `-`. */
const meshPages = {
  '-edit': lazyRouteComponent(() => import('./pages/mesh-edit-page.tsx'), 'MeshEditPage'),
  '-adopt': lazyRouteComponent(() => import('../features/meshes/create-mesh-page.tsx'), 'AdoptMeshPage'),
  overview: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
  explain: lazyRouteComponent(() => import('../features/explain/explain-page.tsx'), 'ExplainPage'),
  findings: lazyRouteComponent(() => import('../features/findings/findings-page.tsx'), 'FindingsPage'),
  history: lazyRouteComponent(() => import('../features/history/history-page.tsx'), 'HistoryPage'),
  'history/$id': lazyRouteComponent(() => import('../features/history/history-entry-page.tsx'), 'HistoryEntryPage'),
  topology: lazyRouteComponent(() => import('../features/topology/topology-page.tsx'), 'TopologyPage'),
  'monitoring/explore': lazyRouteComponent(() => import('../features/monitoring/explore-page.tsx'), 'ExplorePage'),
  'monitoring/recording-rules': lazyRouteComponent(
    () => import('../features/monitoring/recording-rules-page.tsx'),
    'RecordingRulesPage',
  ),
  'monitoring/$dashboard': lazyRouteComponent(
    () => import('../features/monitoring/dashboard-page.tsx'),
    'DashboardPage',
  ),
  services: lazyRouteComponent(() => import('../features/services/services-page.tsx'), 'ServicesPage'),
  'services/$namespace/$name': servicePage,
  'services/$namespace/$name/$tab': servicePage,
  'services/$namespace/$name/-edit': lazyRouteComponent(
    () => import('../features/services/service-edit-page.tsx'),
    'ServiceEditPage',
  ),
  'sidecars/global': lazyRouteComponent(() => import('../features/namespaces/global-page.tsx'), 'GlobalPage'),
  'sidecars/namespaces': lazyRouteComponent(
    () => import('../features/namespaces/namespaces-page.tsx'),
    'NamespacesPage',
  ),
  'sidecars/workloads': lazyRouteComponent(() => import('../features/namespaces/workloads-page.tsx'), 'WorkloadsPage'),
  'sidecars/restarts': lazyRouteComponent(() => import('../features/restarts/restarts-page.tsx'), 'RestartsPage'),
  'sidecars/restarts/$name': lazyRouteComponent(() => import('../features/restarts/restart-page.tsx'), 'RestartPage'),
  'service-levels/{-$name}/{-$action}': lazyRouteComponent(
    () => import('../features/service-levels/service-levels-routes.tsx'),
    'ServiceLevelsRoutes',
  ),
  'proxies/{-$cluster}/{-$namespace}/{-$pod}/{-$section}': lazyRouteComponent(
    () => import('../features/proxies/proxies-routes.tsx'),
    'ProxiesRoutes',
  ),
  clusters: lazyRouteComponent(() => import('../features/clusters/mesh-clusters-page.tsx'), 'MeshClustersPage'),
  'config/-import': lazyRouteComponent(() => import('../features/imports/import-page.tsx'), 'ImportPage'),
  'config/istio-resources': lazyRouteComponent(() => import('./pages/istio-resources-page.tsx'), 'IstioResourcesPage'),
  'config/istio-resources/$kind': lazyRouteComponent(
    () => import('./pages/istio-resources-page.tsx'),
    'IstioResourcesRedirect',
  ),
  '-wizards/{-$wizard}': lazyRouteComponent(() => import('../features/wizards/wizards-routes.tsx'), 'WizardsRoutes'),
  // One line for all its pages: what each line costs, every page pays.
  'config/tls-secrets/{-$namespace}/{-$name}/{-$action}': lazyRouteComponent(
    () => import('../features/tls-secrets/tls-secrets-routes.tsx'),
    'TlsSecretsRoutes',
  ),
  $kind: lazyRouteComponent(() => import('./pages/resource-list-page.tsx'), 'ResourceListPage'),
  '$kind/-create': lazyRouteComponent(() => import('./pages/resource-create-page.tsx'), 'ResourceCreatePage'),
  '$kind/$first': resourcePage,
  '$kind/$first/$second': resourcePage,
  '$kind/$first/$second/$third': resourcePage,
}

function routesOf(parent: AnyRoute, pages: Record<string, RouteComponent>): AnyRoute[] {
  return Object.entries(pages).map(([path, component]) =>
    createRoute({ getParentRoute: () => parent, path, component }),
  )
}

/** The tree of pages. Addresses are built in `lib/places.ts`, search parameters are read by `usePageSearch`. */
function createRouteTree() {
  const root = createRootRoute()
  const home = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/meshes' })
    },
  })
  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
  })
  const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })
  const fleet = createRoute({ getParentRoute: () => shell, id: 'fleet', component: FleetLayout })
  const mesh = createRoute({ getParentRoute: () => shell, path: '/meshes/$mesh', component: MeshLayout })
  const meshHome = createRoute({
    getParentRoute: () => mesh,
    path: '/',
    beforeLoad: ({ params }) => {
      throw redirect({ to: `/meshes/${encodeURIComponent(params.mesh)}/overview` })
    },
  })
  const lost = createRoute({ getParentRoute: () => fleet, path: '$', component: NotFoundPage })
  return root.addChildren([
    home,
    signIn,
    shell.addChildren([
      fleet.addChildren([...routesOf(fleet, fleetPages), lost]),
      mesh.addChildren([meshHome, ...routesOf(mesh, meshPages)]),
    ]),
  ])
}

/** The router of one mounted console. */
export function createConsoleRouter(basePath: string, history: RouterHistory) {
  return createRouter({
    routeTree: createRouteTree(),
    history,
    basepath: basePath === '' ? '/' : basePath,
    parseSearch: readQueryString,
    stringifySearch: writeQueryString,
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultPendingComponent: () => <LoadingState />,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: false,
  })
}
export type ConsoleRouter = ReturnType<typeof createConsoleRouter>
