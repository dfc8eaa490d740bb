import { type Clock, ManualClock, MeshwiseError } from '@meshwise/core';
import type { Identity } from '@meshwise/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { IssuedCertificate } from './certificate-authority.ts';
import { type CertificateIssuer, SecretRegistry } from './secret-registry.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LIFETIME_MS = 24 * HOUR_MS;

function identityOf(serviceAccount: string): Identity {
  return { trustDomain: 'cluster.local', namespace: 'default', serviceAccount };
}
const details = identityOf('details');

/** Numbers its certificates; fails or waits when told. */
class StubIssuer implements CertificateIssuer {
  readonly issued: string[] = [];
  readonly #clock: Clock;
  failing = false;
  out = false;
  readonly #listeners = new Set<() => void>();
  held: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async issue(identity: Identity): Promise<IssuedCertificate> {
    this.issued.push(identity.serviceAccount);
    await this.held;
    if (this.out) throw new MeshwiseError('MW4010', 'shut out');
    if (this.failing) throw new Error('no authority today');
    return {
      certificateChainPem: `chain ${this.issued.length}`,
      privateKeyPem: `key ${this.issued.length}`,
      notBeforeMs: this.#clock.nowMs(),
      notAfterMs: this.#clock.nowMs() + LIFETIME_MS,
      serialNumber: String(this.issued.length),
      root: 'the root',
    };
  }

  roots() {
    return { caPem: 'the root' };
  }

  onTrustChange(callback: () => void) {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  trustChanged() {
    for (const listener of this.#listeners) listener();
  }
}

function setUp(random: () => number = () => 0.5) {
  const clock = new ManualClock(Date.UTC(2031, 0, 1));
  const issuer = new StubIssuer(clock);
  const registry = new SecretRegistry({ issuer, clock, random });
  const changes: string[] = [];
  registry.onChange((identity) => changes.push(identity?.serviceAccount ?? 'the roots'));
  onTestFinished(() => registry.close());
  return { clock, issuer, registry, changes };
}

describe('the registry of certificates (004-84)', () => {
  test('has nothing until asked, and announces what it then has', async () => {
    const { registry, clock, changes } = setUp();
    expect(registry.get(details)).toBeUndefined();
    registry.want(details);
    expect(registry.get(details)).toBeUndefined();
    await clock.advance(1);
    expect(changes).toEqual(['details']);
    expect(registry.get(details)).toMatchObject({ serialNumber: '1', privateKeyPem: 'key 1' });
    expect(registry.roots()).toEqual({ caPem: 'the root' });
  });

  test('shares one certificate between the holders of an identity and forgets it with the last', async () => {
    const { registry, clock, issuer } = setUp();
    registry.want(details);
    registry.want(details);
    await clock.advance(1);
    expect(issuer.issued).toEqual(['details']);
    registry.release(details);
    expect(registry.get(details)).toBeDefined();
    registry.release(details);
    expect(registry.get(details)).toBeUndefined();
    registry.release(details);
    await clock.advance(LIFETIME_MS);
    expect(issuer.issued).toEqual(['details']);
  });

  test.each([
    [0, 0.5],
    [0.5, 0.6],
    [0.999999, 0.7],
  ])('rotates with chance %d at %d of the lifetime, not before', async (chance, fraction) => {
    const { registry, clock, changes } = setUp(() => chance);
    registry.want(details);
    await clock.advance(fraction * LIFETIME_MS - MINUTE_MS);
    expect(registry.get(details)?.serialNumber).toBe('1');
    await clock.advance(2 * MINUTE_MS);
    expect(registry.get(details)?.serialNumber).toBe('2');
    expect(changes).toEqual(['details', 'details']);
  });

  test('always holds a certificate with at least 30 % of its life left, for weeks', async () => {
    const chances = [0.1, 0.9, 0.3, 0.999, 0, 0.7];
    let turn = 0;
    const { registry, clock } = setUp(() => chances[turn++ % chances.length] ?? 0);
    registry.want(details);
    for (let hour = 0; hour < 24 * 21; hour += 1) {
      await clock.advance(HOUR_MS);
      const leftMs = (registry.get(details)?.notAfterMs ?? 0) - clock.nowMs();
      expect(leftMs).toBeGreaterThanOrEqual(0.3 * LIFETIME_MS - MINUTE_MS);
    }
  });

  test('keeps what it has when the authority fails, tries again ever later, and recovers', async () => {
    const { registry, clock, issuer, changes } = setUp(() => 0);
    registry.want(details);
    await clock.advance(1);
    issuer.failing = true;
    await clock.advance(0.5 * LIFETIME_MS - MINUTE_MS);
    for (let second = 0; second < 660; second += 1) await clock.advance(1000);
    const attempts = issuer.issued.length - 1;
    expect(attempts).toBeGreaterThan(10);
    expect(attempts).toBeLessThan(40);
    expect(registry.get(details)?.serialNumber).toBe('1');
    issuer.failing = false;
    await clock.advance(MINUTE_MS);
    expect(registry.get(details)?.notAfterMs).toBeGreaterThan(clock.nowMs() + LIFETIME_MS - 2 * MINUTE_MS);
    expect(changes).toEqual(['details', 'details']);
  });

  test('notices on waking that time passed while the machine slept', async () => {
    const { registry, clock: timers, issuer } = setUp();
    let sleptMs = 0;
    const clock: Clock = {
      nowMs: () => timers.nowMs() + sleptMs,
      monotonicMs: () => timers.monotonicMs(),
      after: (delayMs, callback) => timers.after(delayMs, callback),
      sleep: (delayMs, signal) => timers.sleep(delayMs, signal),
    };
    registry.close();
    const awake = new SecretRegistry({ issuer, clock, random: () => 0.5 });
    onTestFinished(() => awake.close());
    awake.want(details);
    await timers.advance(1);
    sleptMs = 3 * LIFETIME_MS;
    await timers.advance(MINUTE_MS);
    expect(awake.get(details)?.serialNumber).toBe('2');
  });

  test('drops a certificate that arrives after its last holder left', async () => {
    const { registry, clock, issuer, changes } = setUp();
    let arrive = () => {};
    issuer.held = new Promise((resolve) => {
      arrive = resolve;
    });
    registry.want(details);
    registry.release(details);
    arrive();
    await clock.advance(MINUTE_MS);
    expect(registry.get(details)).toBeUndefined();
    expect(changes).toEqual([]);
  });

  test('goes on when a listener fails, and listens to nobody who unsubscribed', async () => {
    const { registry, clock, changes } = setUp();
    const late: string[] = [];
    registry.onChange(() => {
      throw new Error('listener in trouble');
    });
    const unsubscribe = registry.onChange((identity) => late.push(identity?.serviceAccount ?? 'the roots'));
    registry.want(details);
    await clock.advance(1);
    unsubscribe();
    registry.want(identityOf('ratings'));
    await clock.advance(1);
    expect(changes).toEqual(['details', 'ratings']);
    expect(late).toEqual(['details']);
  });

  test('replaces all certificates within a time when asked, and then rotates as ever (004-85)', async () => {
    const chances = [0.5, 0.5, 0, 0.9];
    let turn = 0;
    const { registry, clock, issuer } = setUp(() => chances[turn++] ?? 0.5);
    registry.want(details);
    registry.want(identityOf('ratings'));
    await clock.advance(1);
    expect(issuer.issued).toEqual(['details', 'ratings']);
    registry.reissueAll(10_000);
    await clock.advance(1);
    expect(issuer.issued).toEqual(['details', 'ratings', 'details']);
    await clock.advance(8_900);
    expect(issuer.issued).toHaveLength(3);
    await clock.advance(200);
    expect(issuer.issued).toEqual(['details', 'ratings', 'details', 'ratings']);
    await clock.advance(0.4 * LIFETIME_MS);
    expect(issuer.issued).toHaveLength(4);
    await clock.advance(0.4 * LIFETIME_MS);
    expect(issuer.issued).toHaveLength(6);
  });

  test('issues another when it was asked for while one was on its way: that may be of the root before', async () => {
    const { registry, clock, issuer } = setUp();
    let arrive = () => {};
    issuer.held = new Promise((resolve) => {
      arrive = resolve;
    });
    registry.want(details);
    registry.reissue(details);
    arrive();
    await clock.advance(1);
    await clock.advance(1);
    expect(issuer.issued).toEqual(['details', 'details']);
    expect(registry.get(details)?.serialNumber).toBe('2');
  });

  test('says who gets no certificate, asks no more, and keeps what that one has, until told otherwise (004-86)', async () => {
    const { registry, clock, issuer, changes } = setUp();
    registry.want(details);
    await clock.advance(1);
    issuer.out = true;
    registry.reissue(details);
    await clock.advance(2 * LIFETIME_MS);
    expect(issuer.issued).toHaveLength(2);
    expect([registry.isOut(details), registry.get(details)?.serialNumber]).toEqual([true, '1']);
    expect(changes).toEqual(['details', 'details']);
    issuer.out = false;
    registry.reissue(details);
    await clock.advance(1);
    expect([registry.isOut(details), registry.get(details)?.serialNumber]).toEqual([false, '3']);
  });

  test('does not call out whom it was told to give a certificate while a refusal was on its way (004-86)', async () => {
    const { registry, clock, issuer } = setUp();
    let arrive = () => {};
    issuer.held = new Promise((resolve) => {
      arrive = resolve;
    });
    issuer.out = true;
    registry.want(details);
    registry.reissue(details);
    arrive();
    await clock.advance(0);
    issuer.out = false;
    await clock.advance(1);
    expect([registry.isOut(details), registry.get(details)?.serialNumber]).toEqual([false, '2']);
  });

  test('announces what is trusted when that changes', async () => {
    const { registry, issuer, changes } = setUp();
    issuer.trustChanged();
    expect(changes).toEqual(['the roots']);
    registry.close();
    issuer.trustChanged();
    expect(changes).toEqual(['the roots']);
  });

  test('refuses an identity that is none', () => {
    const { registry } = setUp();
    expect(() => registry.want(identityOf('../root'))).toThrowError(/^MW4001/);
  });

  test('has nothing left after it was closed', async () => {
    const { registry, clock, issuer } = setUp();
    registry.want(details);
    await clock.advance(1);
    registry.close();
    registry.want(identityOf('ratings'));
    await clock.advance(2 * LIFETIME_MS);
    expect(registry.get(details)).toBeUndefined();
    expect(issuer.issued).toEqual(['details']);
  });
});
