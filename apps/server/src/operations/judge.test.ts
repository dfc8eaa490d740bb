import { istioMesh, kubernetesMesh } from '@meshwise/meshes';
import { createMeshModel } from '@meshwise/model';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { Judge } from './judge.ts';

const reviews: Resource = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'reviews', namespace: 'default' },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'http', port: 9080 }] },
};

function rule(subsets: readonly string[]): Resource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'reviews', namespace: 'default' },
    spec: { host: 'reviews', subsets: subsets.map((name) => ({ name, labels: { version: name } })) },
  };
}

const route: Resource = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'default' },
  spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews', subset: 'v2' } }] }] },
};

function judgeOf(...stored: readonly Resource[]) {
  const model = createMeshModel({ readers: [kubernetesMesh, istioMesh] });
  model.update(stored.map((resource) => ({ type: 'upsert', resource })));
  return { judge: new Judge(model), model };
}

describe('a judgement before a change', () => {
  it('names what of the resource would not hold', () => {
    const { judge } = judgeOf(reviews);
    const { own } = judge.judge([{ key: keyOf(route), before: undefined, after: route }]);
    expect(own.get(keyText(keyOf(route)))).toMatchObject([
      { origin: { field: 'spec.http[0].route[0].destination' }, message: expect.stringContaining('subset v2') },
    ]);
  });

  it('sees resources of one request together', () => {
    const { judge } = judgeOf(reviews);
    const changes = [route, rule(['v2'])].map((after) => ({ key: keyOf(after), before: undefined, after }));
    expect([...judge.judge(changes).own.values()].flat()).toEqual([]);
  });

  it('names other resources that a change leaves without what they refer to', () => {
    const { judge } = judgeOf(reviews, route, rule(['v2']));
    const { own, others } = judge.judge([{ key: keyOf(rule([])), before: rule(['v2']), after: undefined }]);
    expect([...own.values()].flat()).toEqual([]);
    expect([...others.keys()]).toEqual([keyText(keyOf(route))]);
  });

  it('leaves no trace', () => {
    const { judge, model } = judgeOf(reviews, route, rule(['v2']));
    const before = model.residues();
    judge.judge([{ key: keyOf(rule([])), before: rule(['v2']), after: rule(['v1']) }]);
    expect(model.residues()).toEqual(before);
  });
});

describe('what an Envoy refuses', () => {
  const regex: Resource = {
    ...route,
    spec: {
      hosts: ['reviews'],
      http: [{ match: [{ uri: { regex: '(' } }], route: [{ destination: { host: 'reviews' } }] }],
    },
  };
  const change = { key: keyOf(regex), before: undefined, after: regex };
  const residue = {
    origin: { resource: keyOf(regex), field: 'spec.http[0].match[0].uri' },
    severity: 'invalid' as const,
    message: 'no',
  };

  it('is asked of the plans of the change, and counted for the changed resources alone', async () => {
    const trial = createMeshModel({ readers: [kubernetesMesh, istioMesh] });
    trial.update([{ type: 'upsert', resource: reviews }]);
    const asked: string[][] = [];
    const plane = {
      judge: async (plans: { outbound: readonly { scope: string }[] }) => {
        asked.push(plans.outbound.map(({ scope }) => scope));
        return new Map([
          [keyText(keyOf(regex)), [residue]],
          [keyText(keyOf(reviews)), [residue]],
        ]);
      },
    };
    const judge = new Judge(trial, { model: createMeshModel({ readers: [] }), plane });
    const refusals = await judge.refusals([change], judge.judge([change]));
    expect([...refusals.keys()]).toEqual([keyText(keyOf(regex))]);
    expect(asked).toEqual([['sidecar/default']]);
    expect(trial.proxies()).toEqual([]);
  });

  it.each([reviews, route])('is not asked of a $kind that has no words of Envoy in it', (after) => {
    const trial = createMeshModel({ readers: [kubernetesMesh, istioMesh] });
    const plane = { judge: async () => new Map() };
    const judge = new Judge(trial, { model: createMeshModel({ readers: [] }), plane });
    expect(judge.judge([{ key: keyOf(after), before: undefined, after }])).not.toHaveProperty('plans');
    expect(judge.judge([change])).toHaveProperty('plans');
  });
});
