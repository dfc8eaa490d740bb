import { MeshwiseError } from '@meshwise/core';
import type { Client } from '../client/client.ts';
import { textAt } from '../columns/read.ts';
import { parseTarget } from '../input/target.ts';

/**
 * The pods that a target of `logs` means: those of a workload, the pod of that very name, else all whose name begins so.
 * Throws MW2001 when there is none, naming what there is.
 */
export async function findPods(client: Client, text: string, namespace: string): Promise<readonly string[]> {
  const target = parseTarget(text);
  if (target.kind === undefined || target.kind === 'Pod') {
    const { items } = await client.resources({ kind: 'pods', namespace });
    const names = items.map((pod) => textAt(pod, 'metadata', 'name') ?? '').sort();
    if (names.includes(target.name)) return [target.name];
    const beginning = target.kind === undefined ? names.filter((name) => name.startsWith(target.name)) : [];
    if (beginning.length > 0) return beginning;
    throw noPods(text, namespace, names);
  }
  const { workloads } = await client.status();
  const there = workloads.filter((workload) => workload.namespace === namespace);
  const found = there.find(({ kind, name }) => kind === target.kind && name === target.name);
  if (found === undefined)
    throw noPods(
      text,
      namespace,
      there.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`),
    );
  if (found.pods.length === 0) throw new MeshwiseError('MW2001', `${text} has no pods`, advice(found.reason));
  return found.pods.map((pod) => pod.name).sort();
}

const SHOWN = 10;

function noPods(text: string, namespace: string, there: readonly string[]): MeshwiseError {
  const more = there.length > SHOWN ? ', …' : '';
  const known = there.length === 0 ? 'There are none.' : `There are: ${there.slice(0, SHOWN).join(', ')}${more}.`;
  return new MeshwiseError('MW2001', `no pod of ${text} in namespace ${namespace}`, { advice: known });
}

function advice(reason: string | null): { advice?: string } {
  return reason === null ? {} : { advice: `The workload says: ${reason}` };
}
