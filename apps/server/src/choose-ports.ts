import { findMarkedProcesses, MARK } from '@meshwise/platform';
import { type Home, readJson } from './home.ts';
import { choosePort, DEFAULT_API_PORT, DEFAULT_GATEWAY_PORT } from './ports.ts';
import { type DaemonRequest, readSettings, writeSettings } from './settings.ts';

/** The ports of this mesh on the machine: those that are asked for, else those of before, else the next free ones. */
export async function choosePorts(home: Home, request: Pick<DaemonRequest, 'gatewayPort' | 'apiPort'>) {
  const before = await readSettings(home);
  // The gateway of an earlier daemon may still run and hold its port, which is as it should be.
  const isRunning = (await findMarkedProcesses(MARK, home.path)).length > 0;
  const running = isRunning ? await gatewayPortsInUse(home.gatewayPorts) : new Set<number>();
  const gatewayPort = await choosePort(
    'gateway',
    request.gatewayPort,
    before.gatewayPort ?? DEFAULT_GATEWAY_PORT,
    new Set(),
    (port) => running.has(port),
  );
  const apiPort = await choosePort(
    'API',
    request.apiPort,
    before.apiPort ?? DEFAULT_API_PORT,
    new Set([gatewayPort]),
    () => false,
  );
  await writeSettings(home, { apiPort, gatewayPort });
  return { apiPort, gatewayPort };
}

async function gatewayPortsInUse(path: string): Promise<ReadonlySet<number>> {
  const stored = (await readJson(path)) as
    | { ports?: Record<string, number>; gateways?: Record<string, Record<string, number>> }
    | undefined;
  return new Set([stored?.ports ?? {}, ...Object.values(stored?.gateways ?? {})].flatMap((all) => Object.values(all)));
}
