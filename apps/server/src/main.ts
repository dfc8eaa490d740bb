import { MeshwiseError, systemClock } from '@meshwise/core';
import { startDaemon } from './daemon.ts';
import { defaultHome } from './home.ts';
import { createLogger } from './logger.ts';
import { parseRequest } from './settings.ts';

/**
 * The daemon. What to start stands in MESHWISE_DAEMON as JSON (`DaemonRequest`). SIGTERM and SIGINT end the daemon alone; the mesh
 * goes on and the next daemon takes it up. `POST /api/v1/shutdown` ends both.
 */
const logger = createLogger(process.env['MESHWISE_LOG_LEVEL'] ?? 'info');
const given = parseRequest(process.env['MESHWISE_DAEMON']);
const request = { ...given, home: given.home === '' ? defaultHome(process.env) : given.home };

// The mesh goes on without a daemon, and the next one takes it up: to end is better than to go on half broken.
process.on('uncaughtException', (error) => {
  logger.error('uncaught exception', { error: String(error), stack: error.stack });
  process.exit(1);
});
process.on('unhandledRejection', (error) => logger.error('unhandled rejection', { error: String(error) }));

try {
  const daemon = await startDaemon({
    request,
    clock: systemClock,
    logger,
    random: Math.random,
    onShutDown: () => process.exit(0),
  });
  logger.info('daemon ready', { api: daemon.api, capture: daemon.mesh.capture.mode });
  const leave = () => {
    logger.info('daemon leaves, the mesh goes on');
    daemon.leave().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('leaving failed', { error: String(error) });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
} catch (error) {
  const known = MeshwiseError.from(error);
  logger.error('daemon did not start', { code: known.code, error: known.message, stack: known.stack });
  process.exit(known.exitCode);
}
