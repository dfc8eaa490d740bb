import { MeshwiseError } from '@meshwise/core';
import { ensureEnvoy } from '@meshwise/platform';

// Part of `npm test`: without an Envoy, tests that need one are skipped by name, so not having it is said and no failure.
try {
  const envoy = await ensureEnvoy({ onProgress: ({ message }) => process.stderr.write(`${message}\n`) });
  process.stderr.write(`Envoy ${envoy.version} at ${envoy.path}\n`);
} catch (reason) {
  const error = MeshwiseError.from(reason);
  process.stderr.write(`no Envoy: ${error.message}\n  ${error.advice}\n`);
}
