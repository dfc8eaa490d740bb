import { keyText } from '@meshwise/resources';
import { compareText } from '../model/item.ts';
import type { Residue } from '../provenance.ts';

/** Remarks by the resource that they are on, in the order of the resources' names: plain data, which compares. */
export function byResource(
  all: readonly Residue[],
): readonly { readonly id: string; readonly residues: readonly Residue[] }[] {
  const found = new Map<string, Residue[]>();
  for (const residue of all) {
    const id = keyText(residue.origin.resource);
    const known = found.get(id);
    if (known === undefined) found.set(id, [residue]);
    else known.push(residue);
  }
  return [...found].sort(([a], [b]) => compareText(a, b)).map(([id, residues]) => ({ id, residues }));
}
