import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router';
import { readFormSearch } from './logic/performance/form-url.ts';
import { readIdsSearch } from './logic/performance/selection.ts';
import { parsePageSearch, parseSearchText, stringifySearch } from './logic/search-params.ts';
import { readShiftSearch } from './logic/shift/form-url.ts';
import { ConditionsPage } from './pages/ConditionsPage.tsx';
import { GatewaysPage } from './pages/GatewaysPage.tsx';
import { Overview } from './pages/Overview.tsx';
import { ProxiesPage } from './pages/ProxiesPage.tsx';
import { ServicesPage } from './pages/ServicesPage.tsx';
import { WorkloadsPage } from './pages/WorkloadsPage.tsx';
import { Shell } from './shell/Shell.tsx';

const rootRoute = createRootRoute({ validateSearch: parsePageSearch, component: Shell, notFoundComponent: NotFound });
/** Measuring is loaded after the first page: most visits never go there. */
const lists = () => import('./pages/performance/ListPage.tsx');
const form = () => import('./pages/performance/form/FormPage.tsx');
const run = () => import('./pages/performance/run/RunPage.tsx');
const experiment = () => import('./pages/performance/experiment/ExperimentPage.tsx');
const shifts = () => import('./pages/shift/ShiftListPage.tsx');
const wizard = () => import('./pages/shift/WizardPage.tsx');
const liveShift = () => import('./pages/shift/LivePage.tsx');
const security = () => import('./pages/security/SecurityPage.tsx');
const compare = () => import('./pages/performance/compare/ComparePage.tsx');

const getParentRoute = () => rootRoute;

const routeTree = rootRoute.addChildren([
  createRoute({ getParentRoute, path: '/', component: Overview }),
  createRoute({
    getParentRoute,
    path: '/topology',
    // The library that draws it is as large as the rest of the page.
    component: lazyRouteComponent(() => import('./pages/topology/TopologyPage.tsx'), 'TopologyPage'),
  }),
  createRoute({ getParentRoute, path: '/services', component: ServicesPage }),
  createRoute({ getParentRoute, path: '/workloads', component: WorkloadsPage }),
  createRoute({ getParentRoute, path: '/proxies', component: ProxiesPage }),
  createRoute({ getParentRoute, path: '/gateways', component: GatewaysPage }),
  createRoute({ getParentRoute, path: '/conditions', component: ConditionsPage }),
  createRoute({
    getParentRoute,
    path: '/performance',
    validateSearch: readIdsSearch,
    component: lazyRouteComponent(lists, 'ListPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/performance/new',
    validateSearch: readFormSearch,
    component: lazyRouteComponent(form, 'FormPage'),
  }),
  createRoute({ getParentRoute, path: '/performance/runs/$id', component: lazyRouteComponent(run, 'RunPage') }),
  createRoute({
    getParentRoute,
    path: '/performance/experiments/$id',
    component: lazyRouteComponent(experiment, 'ExperimentPage'),
  }),
  createRoute({ getParentRoute, path: '/security', component: lazyRouteComponent(security, 'SecurityPage') }),
  createRoute({ getParentRoute, path: '/shifts', component: lazyRouteComponent(shifts, 'ShiftListPage') }),
  createRoute({
    getParentRoute,
    path: '/shifts/new/$step',
    validateSearch: readShiftSearch,
    component: lazyRouteComponent(wizard, 'WizardPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/shifts/live/$namespace/$name',
    component: lazyRouteComponent(liveShift, 'LivePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/performance/compare',
    validateSearch: readIdsSearch,
    component: lazyRouteComponent(compare, 'ComparePage'),
  }),
]);

export const router = createRouter({ routeTree, parseSearch: parseSearchText, stringifySearch });

/** Fetches the pages that are not there yet, so that they open while the daemon is away: just then people look around. */
export async function fetchPages(): Promise<void> {
  await Promise.all(Object.values(router.routesById).map((route) => router.loadRouteChunk(route)));
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  return (
    <section className="mw-state mw-empty">
      <h1 id="page-title" tabIndex={-1}>
        No such page
      </h1>
      <p>The address leads nowhere.</p>
      <Link className="mw-button" to="/">
        Go to the overview
      </Link>
    </section>
  );
}
