import { ManualClock } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import type { StopSignal } from '../context.ts';
import { idleContext } from '../testing/run-cli.ts';
import { interruptions } from './interruptions.ts';

function setUp() {
  const clock = new ManualClock();
  const listeners = new Set<(signal: StopSignal) => void>();
  const stops = interruptions({
    ...idleContext,
    clock,
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const press = () => {
    for (const listener of listeners) listener('SIGINT');
  };
  return { clock, stops, press, listeners };
}

describe('Ctrl-C', () => {
  test('pressed once stops, however many copies of it arrive', async () => {
    const { clock, stops, press } = setUp();
    for (let copy = 0; copy < 4; copy++) {
      press();
      await clock.advance(50);
    }
    expect([stops.stop.aborted, stops.force.aborted]).toEqual([true, false]);
  });

  test('pressed again forces', async () => {
    const { clock, stops, press } = setUp();
    press();
    await clock.advance(1_000);
    expect(stops.force.aborted).toBe(false);
    press();
    expect(stops.force.aborted).toBe(true);
  });

  test('has its usual effect again afterwards', () => {
    const { stops, listeners } = setUp();
    stops.off();
    expect(listeners.size).toBe(0);
  });
});
