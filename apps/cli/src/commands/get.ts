import { MeshwiseError } from '@meshwise/core';
import { Command } from 'commander';
import type { Client } from '../client/client.ts';
import { describe } from '../command-help.ts';
import { withNamespace, withOutput } from '../input/options.ts';
import { FORMATS, type Format } from '../output/formats.ts';
import type { Session } from '../session.ts';
import { type AccessOptions, getAccess, refuseAccessOptions, withAccess } from './get-access.ts';
import { type Listing, namesText, resourceTable, withoutManagedFields } from './get-output.ts';
import { mayHaveNamespace, splitKinds } from './kinds.ts';
import { noteNamesakes } from './namesakes.ts';

interface Options extends AccessOptions {
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly output: Format | 'wide' | 'name';
  readonly showManagedFields?: boolean;
  readonly raw?: string;
}

export function getCommand(session: Session): Command {
  const command = new Command('get')
    .description('list resources, or show one')
    .argument('[kind]', 'kind, plural or short name; several with commas; KIND/NAME; all; access')
    .argument('[name]', 'name')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('-l, --selector <labels>', 'only with these labels, as app=reviews,version!=v1')
    .option('--show-managed-fields', 'with metadata.managedFields in json and yaml')
    .option('--raw <api-path>', 'what is at a path of the API, as it is, instead of a kind')
    .action(async (written: string | undefined, name: string | undefined, options: Options) => {
      if (options.raw !== undefined) return printRaw(session, options.raw, written);
      const kind = written ?? '';
      if (kind === 'access' && name === undefined)
        return getAccess(session, options, options.allNamespaces === true ? undefined : options.namespace);
      refuseAccessOptions(options);
      const wanted = wantedOf(kind, name);
      const client = await session.connect();
      const listings: Listing[] = [];
      const namespace = options.allNamespaces === true ? undefined : options.namespace;
      const noteOthers = () => noteNamesakes(session, client, wanted.kinds, namespace);
      try {
        for (const one of wanted.kinds) listings.push(await list(client, one, wanted.name, options));
      } catch (error) {
        // What is not there by this name may be there by the other.
        if (error instanceof MeshwiseError && error.code === 'MW2001') await noteOthers();
        throw error;
      }
      print(session, listings, wanted.name !== undefined, options);
      await noteOthers();
    });
  const formats = [...FORMATS, 'wide', 'name'];
  return describe(withAccess(withOutput(withNamespace(command), formats)), {
    daemon: 'needed',
    examples: [
      'meshwise get pods -A -o wide',
      'meshwise get deployments,services -l app=reviews',
      'meshwise get virtualservice reviews -n shop -o yaml',
      'meshwise get --raw /apis/metrics.smi-spec.io/v1alpha1/namespaces/default/deployments',
      'meshwise get access -A',
      'meshwise get access --from productpage --to reviews --method GET --path /reviews/0',
    ],
    exit: 'Exit code 1: there is no resource of that name, or the request that was asked about is refused.',
  });
}

async function printRaw(session: Session, path: string, kind: string | undefined): Promise<void> {
  if (kind !== undefined) throw new MeshwiseError('MW7001', 'give a kind or --raw, not both', { found: kind });
  const text = await (await session.connect()).raw(path);
  session.context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function wantedOf(kind: string, name: string | undefined): { kinds: readonly string[]; name: string | undefined } {
  const slash = kind.indexOf('/');
  if (slash !== -1) {
    if (name !== undefined) throw new MeshwiseError('MW7001', 'give KIND/NAME or KIND NAME, not both', { found: kind });
    return wantedOf(kind.slice(0, slash), kind.slice(slash + 1));
  }
  const kinds = splitKinds(kind);
  if (kinds.length === 0 || name === '') throw new MeshwiseError('MW7001', 'name a kind, as in `meshwise get pods`');
  if (name !== undefined && kinds.length > 1) throw new MeshwiseError('MW7001', 'a name goes with one kind');
  return { kinds, name };
}

async function list(client: Client, kind: string, name: string | undefined, options: Options): Promise<Listing> {
  const everywhere = options.allNamespaces === true || !mayHaveNamespace(kind);
  const response = await client.resources({
    kind,
    ...(everywhere ? {} : { namespace: options.namespace }),
    ...(name === undefined ? {} : { name }),
    ...(options.selector === undefined ? {} : { labelSelector: options.selector }),
  });
  if (name !== undefined && response.items.length === 0) {
    const where = everywhere ? '' : ` in namespace ${options.namespace}`;
    throw new MeshwiseError('MW2001', `there is no ${kind} ${name}${where}`);
  }
  const { apiVersion, kind: ownKind, namespaced } = response;
  const items = options.showManagedFields === true ? response.items : response.items.map(withoutManagedFields);
  return { apiVersion, kind: ownKind, namespaced, items };
}

function print(session: Session, listings: readonly Listing[], single: boolean, options: Options): void {
  const items = listings.flatMap((listing) => listing.items);
  const first = items[0];
  const value =
    single && first !== undefined && items.length === 1
      ? first
      : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
  if (options.output === 'name') session.context.stdout.write(namesText(listings));
  else {
    const display = {
      wide: options.output === 'wide',
      namespaces: options.allNamespaces === true,
      kinds: listings.length > 1,
      nowMs: session.context.clock.nowMs(),
      paint: session.paint,
    };
    session.print({ value, items, table: () => resourceTable(listings, display) });
  }
  if (items.length > 0 || !['table', 'wide', 'name'].includes(options.output)) return;
  session.note(options.allNamespaces === true ? 'No resources found.' : `No resources found in ${options.namespace}.`);
}
