import { get } from 'node:http';

/** Asks the sample's page once: `answers`, or what came instead in a few words. */
export type Probe = (gateway: string) => Promise<string>;

const TIMEOUT_MS = 5_000;

export const PRODUCT_PAGE = '/productpage';

/** Through the gateway, as a user does: all six workloads and their proxies have to work for it. */
export const probeProductPage: Probe = (gateway) =>
  new Promise((resolve) => {
    const request = get(new URL(PRODUCT_PAGE, gateway), { agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? 'answers' : `status ${response.statusCode ?? '?'}`);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    request.on('error', (error) => resolve(error.message));
  });
