import type { AccessQuery, AccessRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Command } from 'commander';
import { decisionsText } from '../access/decisions-text.ts';
import { listText } from '../access/list-text.ts';
import { matrixText } from '../access/matrix-text.ts';
import { port } from '../input/options.ts';
import type { Session } from '../session.ts';

/** Options of `get access`, which no other kind has. */
export interface AccessOptions {
  readonly from?: string;
  readonly to?: string;
  readonly port?: number;
  readonly method?: string;
  readonly path?: string;
  readonly header?: readonly string[];
}

const OWN = ['from', 'to', 'port', 'method', 'path', 'header'] as const;

export function withAccess(command: Command): Command {
  return command
    .optionsGroup('Of `get access`, what every workload may do:')
    .option('--from <workload>', 'only this client: a workload, a service account, "plain text"')
    .option('--to <workload>', 'only this server: a workload or a service')
    .option('--port <port>', 'only this port of the program', port)
    .option('--method <method>', 'ask about one request of this method')
    .option('--path <url-path>', 'ask about one request for this path')
    .option(
      '--header <name=value>',
      'ask about one request with this header; may be repeated',
      (text: string, before: string[] | undefined) => [...(before ?? []), text],
    );
}

/** Throws MW7001 where an option stands that only `get access` has. */
export function refuseAccessOptions(options: AccessOptions): void {
  const found = OWN.find((name) => options[name] !== undefined);
  if (found !== undefined) throw new MeshwiseError('MW7001', `--${found} goes with \`meshwise get access\` only`);
}

/** The matrix, or with a method, path or header what becomes of that one request. */
export async function getAccess(
  session: Session,
  options: AccessOptions,
  namespace: string | undefined,
): Promise<void> {
  const { from, to, method, path, header } = options;
  const place = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(options.port === undefined ? {} : { port: options.port }),
  };
  if (method !== undefined || path !== undefined || header !== undefined) {
    if (from === undefined || to === undefined)
      throw new MeshwiseError('MW7001', 'one request has somebody it comes from and goes to: give --from and --to');
    const headers = header === undefined ? {} : { headers: headersOf(header) };
    const request = {
      ...(method === undefined ? {} : { method }),
      ...(path === undefined ? {} : { path }),
      ...headers,
    };
    return askRequest(session, { from, to, ...place, ...request });
  }
  const query = { ...place, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return printMatrix(session, query);
}

async function printMatrix(session: Session, query: AccessQuery): Promise<void> {
  const view = await (await session.connect()).access(query);
  const isNarrowed = query.from !== undefined && query.to !== undefined;
  const columns = session.context.stdout.columns;
  session.print({
    value: view,
    items: view.servers,
    table: () => {
      if (view.servers.length === 0) return '';
      return isNarrowed ? listText(view, session.paint) : matrixText(view, session.paint, columns);
    },
  });
  if (view.servers.length === 0) session.note('No workload with a sidecar, so nobody asks who comes.');
  else if (!view.hasPolicies && session.format === 'table')
    session.note('No policy asks anything of anybody. An AuthorizationPolicy or a strict PeerAuthentication would.');
}

async function askRequest(session: Session, request: AccessRequest): Promise<void> {
  const { decisions } = await (await session.connect()).decideAccess(request);
  session.print({ value: { decisions }, items: decisions, table: () => decisionsText(decisions, session.paint) });
  if (decisions.some(({ verdict }) => verdict === 'refused')) session.exitCode = 1;
}

function headersOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value = ''] = /^([^=:\s]+)\s*[=:]\s*(.*)$/s.exec(text) ?? [];
      if (name === undefined) throw new MeshwiseError('MW7001', `a header is written name=value, not ${text}`);
      return [name, value];
    }),
  );
}
