import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router';
import { parsePageSearch, parseSearchText, stringifySearch } from './logic/search-params.ts';
import { ConditionsPage } from './pages/ConditionsPage.tsx';
import { GatewaysPage } from './pages/GatewaysPage.tsx';
import { Overview } from './pages/Overview.tsx';
import { ProxiesPage } from './pages/ProxiesPage.tsx';
import { ServicesPage } from './pages/ServicesPage.tsx';
import { WorkloadsPage } from './pages/WorkloadsPage.tsx';
import { Shell } from './shell/Shell.tsx';

const rootRoute = createRootRoute({ validateSearch: parsePageSearch, component: Shell, notFoundComponent: NotFound });
const getParentRoute = () => rootRoute;

const routeTree = rootRoute.addChildren([
  createRoute({ getParentRoute, path: '/', component: Overview }),
  createRoute({ getParentRoute, path: '/services', component: ServicesPage }),
  createRoute({ getParentRoute, path: '/workloads', component: WorkloadsPage }),
  createRoute({ getParentRoute, path: '/proxies', component: ProxiesPage }),
  createRoute({ getParentRoute, path: '/gateways', component: GatewaysPage }),
  createRoute({ getParentRoute, path: '/conditions', component: ConditionsPage }),
]);

export const router = createRouter({ routeTree, parseSearch: parseSearchText, stringifySearch });

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
