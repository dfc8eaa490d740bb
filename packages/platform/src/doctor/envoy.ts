import { MeshwiseError } from '@meshwise/core';
import type { Envoy } from '../setup/find-envoy.ts';
import { type Check, type Finding, failed, ok, warning } from './check.ts';

export interface EnvoyReaders {
  /** `locateEnvoy`. */
  locate(): Promise<Envoy | undefined>;
  /** `whatPreventsFetching`. */
  whatPreventsFetching(): Promise<MeshwiseError | undefined>;
}

/** Found and started once, or at least obtainable. */
export function envoyCheck(readers: EnvoyReaders): Check {
  return {
    id: 'envoy',
    title: 'Envoy',
    async run() {
      try {
        const envoy = await readers.locate();
        if (envoy !== undefined) return ok(`${envoy.version} at ${envoy.path} (${SOURCE[envoy.source]})`);
      } catch (error) {
        return failedBy(MeshwiseError.from(error));
      }
      const obstacle = await readers.whatPreventsFetching();
      if (obstacle !== undefined) return failedBy(obstacle);
      return warning('not fetched yet', '`meshwise up` and `npm start` fetch it once.');
    },
  };
}

const SOURCE = {
  environment: 'named by MESHWISE_ENVOY',
  path: 'on PATH',
  cache: 'fetched by Meshwise',
  download: 'fetched by Meshwise',
} as const;

function failedBy(error: MeshwiseError): Finding {
  return failed(error.toJSON().message, error.advice, error.code);
}
