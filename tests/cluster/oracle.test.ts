import type { Resource } from '@meshwise/resources';
import { afterAll, beforeAll, describe, expect, type RunnerTestFile, type RunnerTestSuite, test } from 'vitest';
import { gatewayTls } from './fixtures/gateway/tls.ts';
import { FIXTURES } from './fixtures/index.ts';
import { randomFixtures } from './random/fixtures.ts';
import { randomPolicies } from './random/policies.ts';
import { randomRoutes } from './random/routes.ts';
import { difference } from './support/agreement.ts';
import { Baseline } from './support/baseline.ts';
import { compare, sample } from './support/compare.ts';
import { type Fixture, get, type Question, versions, virtualService } from './support/fixture.ts';
import type { Outcome } from './support/outcome.ts';
import { Report } from './support/report.ts';
import { startWorld, type World } from './support/world.ts';

/** A run with other random resources: MESHWISE_ORACLE_SEED, and MESHWISE_ORACLE_SETS for how many. */
const seed = Number(process.env['MESHWISE_ORACLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const sets = Number(process.env['MESHWISE_ORACLE_SETS'] ?? 60);

const NOTHING = Buffer.alloc(0);
/** Their names are needed before there are certificates. */
const WITH_TLS = gatewayTls({ cert: NOTHING, key: NOTHING, ca: NOTHING }).map(({ name }) => name);

let world: World;
let baseline: Baseline;
const report = new Report();

// biome-ignore lint/correctness/noEmptyPattern: vitest asks for a pattern.
beforeAll(async ({}, file) => {
  world = await startWorld();
  const wanted = namesOf(file);
  const all = [...Object.values(FIXTURES).flat(), ...gatewayTls(world.certificate)];
  baseline = await Baseline.take(
    world,
    all.filter(({ name }) => wanted.has(name)),
  );
});

/** Of the tests that are not skipped. */
function namesOf({ tasks }: RunnerTestSuite | RunnerTestFile): ReadonlySet<string> {
  const names = tasks.map((task) => {
    if (task.mode !== 'run') return [];
    return 'tasks' in task ? [...namesOf(task)] : [task.name];
  });
  return new Set(names.flat());
}

afterAll(async () => {
  report.print(seed);
  await world?.stop();
});

async function both(question: Question): Promise<[readonly Outcome[], readonly Outcome[]]> {
  return [await sample(world, world.istio, question), await sample(world, world.ours, question)];
}

async function agree(fixture: Fixture): Promise<void> {
  const comparison = await compare(world, fixture);
  expect(report.add(fixture, comparison, world).join('\n\n')).toBe('');
  // What makes no difference under istiod could not show one here either.
  if (fixture.changesNothing !== true) {
    expect(baseline.isChanged(fixture, comparison), 'the resources change something').toBe(true);
  }
  const statuses = new Set(comparison.istio.flat().map(({ status }) => status));
  for (const status of fixture.statuses ?? []) expect(statuses, 'statuses under istiod').toContain(status);
}

test('a difference is found when there is one', async () => {
  const to = (version: string) =>
    virtualService('reviews', {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews', subset: version } }] }],
    });
  const subsets = versions('reviews', 'v1', 'v2');
  const question = get('reviews');
  await world.replace([subsets, to('v1')]);
  expect(difference(...(await both(question)))).toBeUndefined();
  // Only ours is told of another version.
  world.ours.change([to('v2') as unknown as Resource], []);
  await expect.poll(async () => difference(...(await both(question)))).toContain('reviews.shop v2');
});

describe.each(Object.entries(FIXTURES))('%s', (_group, fixtures) => {
  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_name, fixture) => agree(fixture));
});

describe('gateways with TLS', () => {
  test.each(WITH_TLS)('%s', async (name) => {
    const fixture = gatewayTls(world.certificate).find((one) => one.name === name);
    if (fixture === undefined) throw new Error(name);
    await agree(fixture);
  });
});

describe(`random resources and requests, seed ${seed}`, () => {
  const random = [
    ...randomFixtures(seed, sets),
    ...randomPolicies(seed, Math.ceil(sets / 2)),
    ...randomRoutes(seed, Math.ceil(sets / 2)),
  ];
  test.each(random.map((fixture, index) => [index, fixture.name, fixture] as const))(
    'set %i of %s',
    async (index, _name, fixture) => {
      const comparison = await compare(world, fixture);
      const named = { ...fixture, name: `seed ${seed}, set ${index}` };
      expect(report.add(named, comparison, world).join('\n\n')).toBe('');
    },
  );
});
