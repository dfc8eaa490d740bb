import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeshModel } from '@meshwise/model';
import {
  keyOf,
  keyText,
  parseResources,
  type Resource,
  toYaml,
  validateResource,
  withDefaults,
} from '@meshwise/resources';
import {
  brokenRules,
  type CheckUnit,
  type EnvoyResource,
  judgedPlans,
  type ScreenedPlans,
  screenedPlans,
  Verdicts,
} from '@meshwise/xds';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envoyPath } from '../../packages/xds/src/testing/envoy-path.ts';
import { testScratch } from '../../packages/xds/src/testing/scratch.ts';
import { FIXTURES } from './fixtures.ts';
import { PROXIES, smallMesh } from './mesh.ts';
import { Dice, damaged, mutated } from './mutate.ts';

/** How many times the usual number of cases; `MESHWISE_FUZZ=50` runs for some minutes. */
const EFFORT = Number(process.env['MESHWISE_FUZZ'] ?? 1);
const SEED = Number(process.env['MESHWISE_FUZZ_SEED'] ?? 5);
/** A case that never ends ends here. */
const TIMEOUT_MS = 180_000 * Math.max(1, EFFORT);

const ENVOY = envoyPath();
const RESOURCES = FIXTURES.flatMap(({ resources }) => resources);
/** Kinds that say something of traffic; the platform's own are fuzzed where they are read. */
const MESH = RESOURCES.filter(
  ({ apiVersion, kind }) => apiVersion.includes('/') && !apiVersion.startsWith('apps/') && kind !== 'TrafficShift',
);

const accepting = new Verdicts(() => Promise.resolve({ status: 'accepted' }));

/** The way of a resource from the store to what proxies would get. */
async function publishedWith(model: MeshModel, resource: Resource, verdicts: Verdicts): Promise<ScreenedPlans> {
  model.update([{ type: 'upsert', resource }]);
  model.residues();
  try {
    return await screenedPlans(judgedPlans(model, ['sidecar/default', 'sidecar/other'], PROXIES), verdicts);
  } finally {
    model.update([{ type: 'delete', key: keyOf(resource) }]);
  }
}

/** What is wrong with resources as a whole, whatever an Envoy says of each. */
function problemsOf(published: ScreenedPlans): readonly string[] {
  const views = [...published.scopes, ...published.proxies];
  return views.flatMap(([view, resources]) => [
    ...resources.flatMap((resource) =>
      brokenRules(resource.message).map(
        ({ field, problem }) => `${resource.type} ${resource.name}: ${field} ${problem}`,
      ),
    ),
    ...repeated(resources.map(({ type, name }) => `${type} ${name}`)).map((name) => `${view}: ${name} is there twice`),
    ...repeated(resources.flatMap(domainsOf)).map((domain) => `${view}: the domain ${domain} is there twice`),
  ]);
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

function domainsOf({ type, name, message }: EnvoyResource): readonly string[] {
  if (type !== 'VHDS') return [];
  const { domains } = message as unknown as { readonly domains: readonly string[] };
  return domains.map((domain) => `${name.slice(0, name.lastIndexOf('/'))} ${domain.toLowerCase()}`);
}

function caseOf(dice: Dice): Resource {
  const original = dice.one(MESH);
  const { metadata } = original;
  return { ...(mutated(original, dice) as Resource), apiVersion: original.apiVersion, kind: original.kind, metadata };
}

/** Enough to see what is wrong. */
function fewOf(failures: readonly string[]): readonly string[] {
  return failures.slice(0, 12).map((text) => text.slice(0, 700));
}

function shown(resource: Resource): string {
  return JSON.stringify(resource).slice(0, 3_000);
}

describe('complete examples', () => {
  const complete = FIXTURES.filter(({ path }) => path.includes('/complete/'));
  it.each(complete)('are valid and are published whole: $path', async ({ text, path }) => {
    const { resources, problems } = parseResources(text, { file: path });
    expect(problems).toEqual([]);
    expect(resources.flatMap(validateResource).filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const { resource } of resources) {
      const placed = { ...resource, metadata: { namespace: 'default', ...resource.metadata } };
      expect(problemsOf(await publishedWith(smallMesh(), placed, accepting))).toEqual([]);
    }
  });
});

describe('damaged manifests', () => {
  it(
    'give problems with a place, and never an exception or a hang',
    () => {
      const dice = new Dice(SEED);
      for (let run = 0; run < 300 * EFFORT; run += 1) {
        const { text, path } = dice.one(FIXTURES);
        const { resources, problems } = parseResources(damaged(damaged(text, dice), dice), { file: path });
        for (const problem of problems) expect(problem.line).toBeGreaterThan(0);
        for (const parsed of resources) {
          for (const problem of validateResource(parsed)) expect(problem.line).toBeGreaterThan(0);
          withDefaults(parsed.resource);
        }
      }
    },
    TIMEOUT_MS,
  );
});

describe('mutated resources', () => {
  it(
    'get a verdict, and what is published of them keeps the rules of Envoy’s schemas',
    async () => {
      const dice = new Dice(SEED + 1);
      const model = smallMesh();
      const failures: string[] = [];
      for (let run = 0; run < 300 * EFFORT; run += 1) {
        const resource = caseOf(dice);
        for (const parsed of parseResources(toYaml(resource), { file: 'case.yaml' }).resources)
          validateResource(parsed);
        try {
          const problems = problemsOf(await publishedWith(model, resource, accepting));
          for (const problem of problems.slice(0, 3)) failures.push(`${run}: ${problem}\n    ${shown(resource)}`);
        } catch (error) {
          failures.push(`${run}: ${error instanceof Error ? error.stack : String(error)}\n    ${shown(resource)}`);
        }
      }
      expect(fewOf(failures)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(ENVOY === undefined)('mutated resources before a real Envoy', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'fuzz-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it(
    'come out as what it accepts',
    async () => {
      const dice = new Dice(SEED + 2);
      const verdicts = new Verdicts(testScratch(ENVOY ?? '', directory).ask);
      const model = smallMesh();
      const asked = new Map<CheckUnit, Resource>();
      for (let run = 0; run < 80 * EFFORT; run += 1) {
        const resource = caseOf(dice);
        const published = await publishedWith(model, resource, verdicts);
        for (const unit of unitsOf(published)) if (verdicts.of(unit).status !== 'accepted') asked.set(unit, resource);
        // In batches, so that a culprit is looked for among few.
        if (run % 10 === 9) await verdicts.settled();
      }
      await verdicts.settled();
      const refused = [...asked].flatMap(([unit, resource]) => {
        const verdict = verdicts.of(unit);
        if (verdict.status === 'accepted') return [];
        const what = unit.kind === 'resource' ? `${unit.resource.type} ${unit.resource.name}` : unit.kind;
        return [`${what}: ${JSON.stringify(verdict)}\n    ${keyText(keyOf(resource))} ${shown(resource)}`];
      });
      expect(fewOf(refused)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

const CHECKED: readonly string[] = ['CDS', 'LDS', 'RDS', 'VHDS', 'ECDS'];

function unitsOf({ scopes, proxies }: ScreenedPlans): readonly CheckUnit[] {
  const all = [...scopes.values(), ...proxies.values()].flat();
  const clusters = [...new Set(all.filter(({ type }) => type === 'CDS').map(({ name }) => name))].sort();
  return all
    .filter(({ type }) => CHECKED.includes(type))
    .map((resource) => ({ kind: 'resource', resource, clusters: resource.type === 'LDS' ? clusters : [] }));
}
