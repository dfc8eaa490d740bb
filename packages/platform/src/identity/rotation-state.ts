import { readFile } from 'node:fs/promises';
import { MeshwiseError } from '@meshwise/core';
import { writeDurably } from './durable-file.ts';

/**
 * Which roots are trusted, and which of them signs. Roots are counted from 1. The three states of a rotation:
 *
 * - one root, which signs;
 * - `introduced`: a second root is trusted and signs nothing yet;
 * - `former`: the second root signs, and the first is trusted still.
 */
export interface RotationState {
  readonly signing: number;
  readonly introduced?: number;
  readonly former?: number;
}

/** No file, or no directory: what is wrong with that is for the root to say. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

const FIRST_STATE: RotationState = { signing: 1 };

/** The roots that are trusted, the one that signs first. */
export function trustedOf({ signing, introduced, former }: RotationState): readonly number[] {
  return [signing, introduced, former].filter((number) => number !== undefined);
}

/**
 * The state as it is on disk. Without the file there is one root, which is how every authority begins. Files of
 * certificates are written before the state that names them, and only the state decides: a crash between two writes
 * leaves the state before.
 */
export async function readRotationState(file: string): Promise<RotationState> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (NOT_THERE.has((cause as NodeJS.ErrnoException).code)) return FIRST_STATE;
    throw new MeshwiseError('MW4006', 'Cannot read', { file }, { cause });
  }
  const state = parse(text);
  if (state === undefined) throw new MeshwiseError('MW4002', 'The state of the rotation cannot be read', { file });
  return state;
}

export async function writeRotationState(file: string, state: RotationState): Promise<void> {
  try {
    await writeDurably(file, `${JSON.stringify(state)}\n`, 'replace');
  } catch (cause) {
    throw new MeshwiseError('MW4006', 'Cannot write', { file }, { cause });
  }
}

function parse(text: string): RotationState | undefined {
  let value: Partial<Record<keyof RotationState, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const { signing, introduced, former } = value ?? {};
  const isCount = (number: unknown): number is number => Number.isSafeInteger(number) && Number(number) >= 1;
  if (!isCount(signing) || (introduced !== undefined && former !== undefined)) return undefined;
  if (introduced !== undefined) return isCount(introduced) ? { signing, introduced } : undefined;
  if (former !== undefined) return isCount(former) ? { signing, former } : undefined;
  return { signing };
}
