import { execFileSync, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SANDBOX_PATH } from './run-sandbox.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const NO_SUCH_NAME = 3;

/** The response code (RFC 1035, 4.1.1) to a question for the address of a name that is one label of these bytes. */
const PROGRAM = `
import struct, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import resolver
label = bytes.fromhex(sys.argv[2])
question = bytes([len(label)]) + label + bytes(1) + struct.pack("!HH", 1, 1)
print(resolver.respond(struct.pack("!HHHHHH", 1, 0x100, 1, 0, 0, 0) + question, "cluster.local")[3] & 15)
`;

function codeFor(label: string): number {
  const hex = Buffer.from(label, 'latin1').toString('hex');
  return Number(execFileSync('python3', ['-c', PROGRAM, dirname(SANDBOX_PATH), hex], { encoding: 'utf8' }));
}

describe.skipIf(!hasPython)('The resolver of the launcher (needs Python)', () => {
  it.each(['a..b', '.', 'a\0b'])('has no such name as %j, and goes on', (label) => {
    expect(codeFor(label)).toBe(NO_SUCH_NAME);
  });
});
