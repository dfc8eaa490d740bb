import type { CatalogueEntry } from './entry.ts';

/** MW6xxx: errors of the daemon and its API. */
export const DAEMON = {
  MW6001: {
    title: 'Another daemon uses this state',
    advice: 'Stop it with `meshwise down`, or give this one a directory of its own with MESHWISE_HOME.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW6002: {
    title: 'Port taken',
    advice: 'Stop the program that holds it, or choose another port with --gateway-port or --api-port.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW6003: {
    title: 'Daemon not reachable',
    advice: 'Start it with `meshwise up --detach`, and see `meshwise doctor` when it does not stay up.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW6004: {
    title: 'Not authorised',
    advice: 'The CLI reads the token in $MESHWISE_HOME/token by itself; for the page run `meshwise ui`.',
    exitCode: 3,
    httpStatus: 401,
  },
  MW6005: {
    title: 'Request refused',
    advice: 'The API answers requests to its own address from its own page or from the CLI only.',
    exitCode: 3,
    httpStatus: 403,
  },
  MW6006: {
    title: 'Request does not fit the contract',
    advice: 'See docs/openapi.json for what this address takes.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW6007: {
    title: 'No such address',
    advice: 'See docs/openapi.json for what the API has.',
    exitCode: 2,
    httpStatus: 404,
  },
  MW6008: {
    title: 'Daemon did not become ready',
    advice: 'Read $MESHWISE_HOME/log/daemon.log and run `meshwise doctor`.',
    exitCode: 3,
    httpStatus: 500,
  },
} as const satisfies Record<string, CatalogueEntry>;
