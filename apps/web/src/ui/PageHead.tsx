import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import type { PagePath } from '../logic/attention.ts';
import { pageCommand } from '../logic/cli.ts';
import { CommandTwin } from './CopyButton.tsx';

export function PageHead(props: { readonly title: string; readonly path: PagePath; readonly children?: ReactNode }) {
  const { title, path, children } = props;
  const [search] = usePageSearch();
  useDocumentTitle(`${title} · Meshwise`);
  return (
    <header className="mw-page-head">
      <h1 id="page-title" tabIndex={-1}>
        {title}
      </h1>
      <p className="mw-page-sum">{children}</p>
      <CommandTwin command={pageCommand(path, search.ns)} />
    </header>
  );
}
