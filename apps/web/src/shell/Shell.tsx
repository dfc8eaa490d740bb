import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { useLive, useNow } from '../data/status-context.tsx';
import type { Action } from '../logic/keys.ts';
import { ErrorState, LoadingState, SignInState } from '../ui/States.tsx';
import { Announcer } from './Announcer.tsx';
import { Banners } from './Banners.tsx';
import { HelpOverlay } from './HelpOverlay.tsx';
import { Nav } from './Nav.tsx';
import { SEARCH_ID } from './SearchBox.tsx';
import { TopBar } from './TopBar.tsx';
import { stepRow, useShortcuts } from './use-shortcuts.ts';

export function Shell() {
  const { failure } = useLive();
  return failure?.kind === 'unauthorised' ? <SignInState /> : <SignedIn />;
}

function SignedIn() {
  const { source } = useLive();
  const [search, update] = usePageSearch();
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  const togglePause = () => (source.connection().phase === 'paused' ? void source.start() : source.pause());
  const act = (action: Action) => {
    switch (action.kind) {
      case 'go':
        return void navigate({ to: action.path, search: search.ns === undefined ? {} : { ns: search.ns } });
      case 'row':
        return stepRow(action.step);
      case 'search':
        return focusSearch();
      case 'help':
        return setHelp(true);
      case 'pause':
        return togglePause();
      case 'refresh':
        return void source.refresh();
      case 'problems':
        return update({ view: search.view === undefined ? 'problems' : undefined });
      case 'table':
        return update({ as: search.as === undefined ? 'table' : undefined });
    }
  };
  useShortcuts(act);
  useFocusOnNavigation();
  return (
    <div className="mw-shell">
      <a className="mw-skip" href="#main">
        Skip to content
      </a>
      <TopBar onPause={togglePause} onHelp={() => setHelp(true)} />
      <Nav />
      <Main />
      <HelpOverlay opened={help} onClose={() => setHelp(false)} />
      <Announcer />
    </div>
  );
}

function Main() {
  const { status, failure, source } = useLive();
  const { freshness } = useNow();
  return (
    <main id="main" className="mw-main" tabIndex={-1} data-stale={freshness.stale || undefined}>
      <Banners />
      {status !== undefined ? (
        <Outlet />
      ) : failure !== undefined ? (
        <ErrorState failure={failure} onRetry={() => void source.start()} />
      ) : (
        <LoadingState />
      )}
    </main>
  );
}

function focusSearch(): void {
  const field = document.getElementById(SEARCH_ID);
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

/** After going to another page, keyboards and screen readers continue at its title; changes of filters leave the focus. */
function useFocusOnNavigation(): void {
  // The resolved location, not the current one: that changes before the new page is drawn.
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(pathname);
  useEffect(() => {
    const first = before.current === undefined;
    if (before.current === pathname) return;
    before.current = pathname;
    if (first) return;
    document.getElementById('page-title')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
}
