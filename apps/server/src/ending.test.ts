import { silentLogger } from '@meshwise/core';
import { describe, expect, it } from 'vitest';
import { Ending } from './ending.ts';

function ending(failing?: string) {
  const done: string[] = [];
  const step = (name: string) => async () => {
    await Promise.resolve();
    done.push(name);
    if (name === failing) throw new Error(name);
  };
  const steps = { leave: [step('api'), step('mesh')], cleanUp: step('cleanUp'), unlock: step('unlock') };
  return { done, end: new Ending({ logger: silentLogger, steps }) };
}

describe('the end of a daemon', () => {
  it('leaves the mesh running, or cleans it up, and gives the lock back last', async () => {
    const left = ending();
    await left.end.leave();
    expect(left.done).toEqual(['api', 'mesh', 'unlock']);
    const down = ending();
    await down.end.shutDown();
    expect(down.done).toEqual(['api', 'mesh', 'cleanUp', 'unlock']);
  });

  it('happens once: a signal during the shut-down waits for it and cuts nothing short', async () => {
    const { done, end } = ending();
    const down = end.shutDown();
    await end.leave();
    expect(done).toEqual(['api', 'mesh', 'cleanUp', 'unlock']);
    await down;
    await end.shutDown();
    expect(done).toHaveLength(4);
  });

  it.each(['api', 'mesh', 'cleanUp'])('goes on to the end when %s fails', async (failing) => {
    const { done, end } = ending(failing);
    await end.shutDown();
    expect(done).toEqual(['api', 'mesh', 'cleanUp', 'unlock']);
  });
});
