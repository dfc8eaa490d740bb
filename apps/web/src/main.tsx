import './styles/index.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openSession } from './data/api.ts';
import { createLiveSource, queryClient, StatusProvider } from './data/status-context.tsx';
import { tokenIn } from './logic/token.ts';
import { fetchPages, router } from './router.tsx';
import { colorSchemeManager, cssVariables, theme } from './theme.ts';

/**
 * Takes the one-time token out of the address before anything else sees it. A refused token is no failure yet: whoever
 * opens an old address again may still have a session, and the first read tells.
 */
function signIn(): Promise<unknown> {
  const found = tokenIn(window.location.hash);
  if (found === undefined) return Promise.resolve();
  const { pathname, search } = window.location;
  window.history.replaceState(null, '', `${pathname}${search}${found.rest}`);
  return openSession(found.token).catch(() => undefined);
}

const source = createLiveSource(signIn());
// One that cannot be fetched now is asked for again when somebody goes there.
window.addEventListener('load', () => void fetchPages().catch(() => undefined));

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <StatusProvider source={source}>
            <RouterProvider router={router} />
          </StatusProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
