import { ensureBinaries } from './binaries.ts';

// Fetches and builds what is missing; says where it is.
const { directory } = await ensureBinaries({ onProgress: (message) => process.stderr.write(`${message}\n`) });
process.stderr.write(`Kubernetes and Istio are in ${directory}\n`);
