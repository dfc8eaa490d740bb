/** Meshwise as a server of this bench: model, control plane and ADS in one process, as in the daemon. */
import { readFileSync } from 'node:fs';
import { openMesh } from '../endpoint-change/own-mesh.ts';
import { onLines, say } from '../processes/line-process.ts';
import { type ServerCommand, socketOf } from './messages.ts';
import type { ScaleMesh } from './objects.ts';

const { meshFile, directory } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly meshFile: string;
  readonly directory: string;
};
const mesh = JSON.parse(readFileSync(meshFile, 'utf8')) as ScaleMesh;
const { model, plane } = await openMesh({ ...mesh, socketOf: (client) => socketOf(directory, client) });

onLines<ServerCommand>(({ resources }) => {
  // As the daemon does for every event of its store.
  model.update(resources.map((resource) => ({ type: 'upsert', resource }) as const));
  plane.changed();
  say({ kind: 'applied' });
});
say({ kind: 'ready' });
