import { expect } from 'vitest';
import { app } from './app.ts';
import { eventually } from './eventually.ts';
import { errorCode, send } from './http.ts';
import type { TestMesh } from './mesh.ts';

const NAME = 'crowd';
const PROBE = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };

/** Pods of one service that come, go and are moody, with a way in from the gateway. */
export class Crowd {
  readonly #mesh: TestMesh;

  constructor(mesh: TestMesh) {
    this.#mesh = mesh;
  }

  /** Starts it, or changes how many there are, and waits until that many are ready and all others gone. */
  async scale(replicas: number): Promise<void> {
    const text = app(NAME, { readinessProbe: PROBE });
    await this.#mesh.apply(text.replace('"spec":{"selector"', `"spec":{"replicas":${replicas},"selector"`));
    await this.untilReady(replicas);
  }

  async untilReady(replicas: number): Promise<void> {
    await eventually(async () => {
      const { podsReady, pods } = await this.#mesh.workload(NAME);
      expect({ podsReady, pods: pods.length }).toEqual({ podsReady: replicas, pods: replicas });
    });
  }

  /** One of them says for a while that it is not ready. */
  async moody(ms: number): Promise<void> {
    const { status } = await this.#send(`/not-ready?ms=${ms}`);
    expect(status).toBe(200);
  }

  /** Deletes one of its pods, whichever the list has first. */
  async lose(): Promise<void> {
    const { pods } = await this.#mesh.workload(NAME);
    const victim = pods.find(({ terminating }) => !terminating)?.name ?? '';
    await this.#mesh.delete('pods', [victim]);
  }

  async outcome(): Promise<string> {
    try {
      const { status } = await this.#send('/');
      return status === 200 ? 'ok' : `crowd answers ${status}`;
    } catch (error) {
      return errorCode(error);
    }
  }

  #send(path: string): Promise<{ status: number; body: string }> {
    return send(`${this.#mesh.gateway}${path}`, { headers: { host: `${NAME}.test` }, timeoutMs: 15_000 });
  }
}
