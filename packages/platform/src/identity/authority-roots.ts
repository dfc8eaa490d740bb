import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { AuthorityGeneration, destroyGeneration, type GenerationOptions } from './authority-generation.ts';
import { type RotationState, readRotationState, trustedOf, writeRotationState } from './rotation-state.ts';

/** `stable`: one root. `introduced`: a second is trusted and signs nothing. `switched`: the second signs, the first is trusted. */
export type RotationPhase = 'stable' | 'introduced' | 'switched';
export type RotationStep = 'introduce' | 'switch' | 'retire';

export interface TrustedRoot {
  readonly id: string;
  readonly role: 'signing' | 'introduced' | 'former';
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/**
 * The roots of an authority and the three steps of exchanging one under traffic: trust the new one everywhere, sign by
 * it, stop trusting the old one. Each step may be repeated, and one that is interrupted has either happened or not: the
 * state is one file that is replaced as a whole (`rotation-state.ts`).
 */
export class AuthorityRoots {
  readonly #o: GenerationOptions;
  readonly #file: string;
  readonly #generations = new Map<number, AuthorityGeneration>();
  #state: RotationState;

  private constructor(options: GenerationOptions, state: RotationState) {
    this.#o = options;
    this.#file = join(options.directory, 'rotation.json');
    this.#state = state;
  }

  static async open(options: GenerationOptions): Promise<AuthorityRoots> {
    const state = await readRotationState(join(options.directory, 'rotation.json'));
    const roots = new AuthorityRoots(options, state);
    // Keys that a crash has left in the middle of the last step.
    if (state.former === undefined) await destroyGeneration(state.signing - 1, options);
    const isFirst = state.signing === 1 && roots.phase === 'stable';
    for (const number of trustedOf(state)) await roots.#open(number, isFirst ? 'make' : 'existing');
    await roots.signing.signer();
    return roots;
  }

  get phase(): RotationPhase {
    if (this.#state.introduced !== undefined) return 'introduced';
    return this.#state.former === undefined ? 'stable' : 'switched';
  }

  get signing(): AuthorityGeneration {
    return this.#generation(this.#state.signing);
  }

  get trusted(): readonly AuthorityGeneration[] {
    return trustedOf(this.#state).map((number) => this.#generation(number));
  }

  list(): readonly TrustedRoot[] {
    const { signing, introduced } = this.#state;
    return this.trusted.map(({ number, id, root: { certificate } }) => ({
      id,
      role: number === signing ? 'signing' : number === introduced ? 'introduced' : 'former',
      subject: certificate.subject,
      notBeforeMs: certificate.notBefore.getTime(),
      notAfterMs: certificate.notAfter.getTime(),
    }));
  }

  /**
   * Makes a new root that is trusted beside the one that signs. Its intermediate is made too: once anything is revoked,
   * its revocation list has to be everywhere before its first certificate is.
   */
  async introduce(): Promise<void> {
    if (this.phase === 'introduced') return;
    this.#refuseUnless('stable', 'introduce', 'the root before is still trusted: retire it first');
    const { signing } = this.#state;
    // What a crash has left of an earlier attempt may have been stolen since, together with the root that is exchanged.
    await destroyGeneration(signing + 1, this.#o);
    await this.#open(signing + 1, 'make');
    await this.#generation(signing + 1).signer();
    await this.#write({ signing, introduced: signing + 1 });
  }

  /** Signs by the new root from now on; the old one stays trusted. */
  async switch(): Promise<void> {
    if (this.phase === 'switched') return;
    this.#refuseUnless('introduced', 'switch', 'no new root is trusted yet: introduce one first');
    const { signing, introduced = signing } = this.#state;
    await this.#write({ signing: introduced, former: signing });
  }

  /** Trusts the old root no longer, and destroys its keys. */
  async retire(): Promise<void> {
    const { signing, former } = this.#state;
    if (this.phase === 'introduced') {
      this.#refuseUnless('switched', 'retire', 'the new root signs nothing yet: switch first');
    }
    if (former === undefined) return;
    await this.#write({ signing });
    this.#generations.delete(former);
    await destroyGeneration(former, this.#o);
  }

  #refuseUnless(phase: RotationPhase, step: RotationStep, expected: string): void {
    if (this.phase === phase) return;
    throw new MeshwiseError('MW4008', `Cannot ${step}`, { found: this.phase, expected });
  }

  #generation(number: number): AuthorityGeneration {
    const found = this.#generations.get(number);
    if (found === undefined) throw new MeshwiseError('MW0001', `generation ${number} is not open`);
    return found;
  }

  async #open(number: number, how: 'make' | 'existing'): Promise<void> {
    this.#generations.set(number, await AuthorityGeneration.open(number, this.#o, how));
  }

  async #write(state: RotationState): Promise<void> {
    await writeRotationState(this.#file, state);
    this.#state = state;
  }
}
