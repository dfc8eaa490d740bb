import { PATHS } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { app } from './harness/app.ts';
import { bookinfoForAll, CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually, pause } from './harness/eventually.ts';
import { send } from './harness/http.ts';
import { underLoad } from './harness/load.ts';
import { isOnPath } from './harness/machine.ts';
import { deployment, manifest } from './harness/manifests.ts';
import type { TestMesh } from './harness/mesh.ts';
import { pageOutcome, readPage } from './harness/page.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'BookInfo in network namespaces, changing (needs Envoy, root and namespaces)',
  { timeout: 60_000 },
  () => {
    let mesh: TestMesh;

    bookinfoForAll((started) => {
      mesh = started;
    });

    describe('runs what a manifest says (000-8)', () => {
      test('details in Python take over from those in TypeScript without a failed request (000-10)', async () => {
        await takesOver('python-details', 'details-python', 'details-v1');
      });

      test.skipIf(!isOnPath('go'))('ratings in Go take over without a failed request (needs Go) (000-10)', async () => {
        await takesOver('go-ratings', 'ratings-go', 'ratings-v1');
      });

      test('an image that nobody mapped is named, with what to do, and everything else runs', async () => {
        await mesh.apply(app('mystery', { image: 'example.com/mystery:2.1' }), app('known'));
        const reason = await eventually(async () => {
          const { reason } = await mesh.workload('mystery');
          expect(reason).toContain('example.com/mystery:2.1');
          return reason;
        });
        expect(reason).toContain('images.json');
        await eventually(async () => expect((await mesh.workload('known')).health).toBe('healthy'));
        expect(await readPage(mesh)).toMatchObject({ status: 200 });
        await mesh.delete('deployments', ['mystery', 'known']);
        await mesh.delete('services', ['mystery', 'known']);
      });

      test('a program that ends is started again, ever later, and its output is kept', async () => {
        await mesh.apply(app('ending', { env: { EXIT_CODE: '3', GREETING: 'a last word' } }));
        await eventually(async () => {
          const { reason, pods } = await mesh.workload('ending');
          expect(reason).toMatch(/CrashLoopBackOff.*code 3/);
          expect(pods[0]?.restarts).toBeGreaterThan(0);
        });
        const { name } = await mesh.pod('ending');
        for (const which of ['', '&previous=true']) {
          const { body } = await mesh.request('GET', `${PATHS.logs}?namespace=default&pod=${name}${which}`);
          expect(body).toContain('listening with a last word');
        }
        await mesh.delete('deployments', ['ending']);
        await mesh.delete('services', ['ending']);
      });

      test('a Service that selects nothing says so', async () => {
        const spec = { selector: { app: 'nobody' }, ports: [{ name: 'http', port: 80 }] };
        await mesh.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'empty' }, spec }));
        await eventually(async () => {
          const service = (await mesh.status()).services.find(({ name }) => name === 'empty');
          expect(service).toMatchObject({ health: 'failing', reason: 'the service selects no pod' });
        });
        await mesh.delete('services', ['empty']);
      });

      test('ConfigMaps, Secrets and empty directories appear where they are mounted, and follow changes', async () => {
        const settings = (colour: string) =>
          JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { colour } });
        const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { pin: '2718' } };
        const volumes = {
          volumes: [
            { name: 'settings', configMap: { name: 'settings' } },
            { name: 'keys', secret: { secretName: 'keys' } },
            { name: 'scratch', emptyDir: {} },
          ],
          volumeMounts: [
            { name: 'settings', mountPath: '/etc/settings' },
            { name: 'keys', mountPath: '/var/keys', readOnly: true },
            { name: 'scratch', mountPath: '/tmp' },
          ],
        };
        await mesh.apply(
          settings('green'),
          JSON.stringify(secret),
          app('volumes', volumes),
          app('pyfiles', { ...volumes, image: 'test/files:1' }),
        );
        await eventually(async () => expect(await fromGateway('pyfiles', '/etc/settings/colour')).toBe('200 green'));
        await eventually(async () =>
          expect(await fromGateway('volumes', '/read?path=/etc/settings/colour')).toBe('200 green'),
        );
        expect(await fromGateway('volumes', '/read?path=/var/keys/pin')).toBe('200 2718');
        expect(await fromGateway('volumes', '/write?path=/var/keys/new')).toMatch(/^500 (EROFS|EACCES)$/);
        expect(await fromGateway('volumes', '/write?path=/tmp/note')).toBe('200 ');
        expect(await fromGateway('volumes', '/read?path=/tmp/note')).toBe('200 written');
        await mesh.apply(settings('blue'));
        await eventually(async () =>
          expect(await fromGateway('volumes', '/read?path=/etc/settings/colour')).toBe('200 blue'),
        );
        await mesh.delete('deployments', ['volumes', 'pyfiles']);
        await mesh.delete('services', ['volumes', 'pyfiles']);
      });

      test('endpoints follow readiness (000-31)', async () => {
        const readinessProbe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
        await mesh.apply(app('moody', { readinessProbe }));
        await eventually(async () => expect(await fromGateway('moody', '/')).toMatch(/^200 hello from moody-/));
        expect(await fromGateway('moody', '/not-ready?ms=4000')).toBe('200 ');
        const ready = async () => {
          const services = (await mesh.status()).services;
          return services.find(({ name }) => name === 'moody')?.endpointsReady;
        };
        await eventually(async () => expect(await ready()).toBe(0));
        await eventually(async () => expect(await fromGateway('moody', '/')).toMatch(/^503 /));
        await eventually(async () => expect(await fromGateway('moody', '/')).toMatch(/^200 /));
        expect(await ready()).toBe(1);
        await mesh.delete('deployments', ['moody']);
        await mesh.delete('services', ['moody']);
      });
    });

    describe('keeps serving while it changes (001-81)', () => {
      test('a rollout under load fails no request', async () => {
        const { name } = await mesh.pod('productpage-v1');
        const changed = await deployment('productpage-v1', ({ template }) => {
          template.metadata.annotations = { ...template.metadata.annotations, 'example.com/turn': 'second' };
        });
        const { failed } = await underLoad(
          () => pageOutcome(mesh),
          async () => {
            await mesh.apply(changed);
            await eventually(async () => {
              expect((await mesh.pod('productpage-v1')).name).not.toBe(name);
              const { health, pods } = await mesh.workload('productpage-v1');
              expect({ health, pods: pods.length }).toEqual({ health: 'healthy', pods: 1 });
            });
          },
        );
        expect(failed).toEqual({});
      });

      test('three replicas and one again, under load, fail no request', async () => {
        const replicas = (count: number) =>
          deployment('reviews-v2', (spec) => {
            spec.replicas = count;
          });
        const { failed } = await underLoad(
          () => pageOutcome(mesh),
          async () => {
            for (const count of [3, 1]) {
              await mesh.apply(await replicas(count));
              await eventually(async () => {
                const { podsReady, pods } = await mesh.workload('reviews-v2');
                expect({ podsReady, pods: pods.length }).toEqual({ podsReady: count, pods: count });
              });
            }
          },
        );
        expect(failed).toEqual({});
      });
    });

    async function takesOver(file: string, successor: string, predecessor: string): Promise<void> {
      const { failed } = await underLoad(
        () => pageOutcome(mesh),
        async () => {
          await mesh.apply(await manifest(`languages/${file}`));
          await eventually(async () => expect((await mesh.workload(successor)).health).toBe('healthy'));
          await mesh.delete('deployments', [predecessor]);
          await eventually(async () => expect(mesh.workload(predecessor)).rejects.toThrow('no workload'));
          await eventually(async () => {
            const pods = await mesh.list('pods', 'default');
            expect(pods.filter(({ metadata }) => metadata.name.startsWith(`${predecessor}-`))).toEqual([]);
          });
          // From here on the successor alone answers.
          await pause(1_000);
          await mesh.apply(await deployment(predecessor, () => {}));
          await eventually(async () => expect((await mesh.workload(predecessor)).health).toBe('healthy'));
          await mesh.delete('deployments', [successor]);
        },
      );
      expect(failed).toEqual({});
    }

    async function fromGateway(name: string, path: string): Promise<string> {
      const { status, body } = await send(`${mesh.gateway}${path}`, { headers: { host: `${name}.test` } });
      return `${status} ${body}`;
    }
  },
);
