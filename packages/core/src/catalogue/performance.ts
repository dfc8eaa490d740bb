import type { CatalogueEntry } from './entry.ts';

/** MW8xxx: errors of measuring, and of the store of results. */
export const PERFORMANCE = {
  MW8001: {
    title: 'Load plan not possible',
    advice: 'See `meshwise perf run --help` for what each option takes.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW8002: {
    title: 'Target not found',
    advice: 'A target is a URL, or service[.namespace][:port]/path of the mesh; `meshwise status` lists the services.',
    exitCode: 2,
    httpStatus: 404,
  },
  MW8003: {
    title: 'Target not reachable',
    advice: 'Check the address, and that what it names runs; nothing was measured.',
    exitCode: 3,
    httpStatus: 502,
  },
  MW8004: {
    title: 'Load on somebody else needs consent',
    advice:
      'The target is neither this machine nor this mesh: give --yes, a rate and a duration, and ask its owner first.',
    exitCode: 2,
    httpStatus: 403,
  },
  MW8005: {
    title: 'Load generator failed',
    advice: 'What it said stands in the message; what was measured until then is kept.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW8006: {
    title: 'Comparison with and without sidecars not possible',
    advice:
      'It takes capture by network namespaces (`meshwise up --capture netns`) and a service whose pods have sidecars.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW8007: {
    title: 'Results cannot be compared',
    advice: 'Name two to five results that have ended and measured something; `meshwise perf list` shows them.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW8008: {
    title: 'Another measurement is running',
    advice: 'Two loads at once would each measure the other. Wait until it has ended, or stop it.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW8101: {
    title: 'No such result',
    advice: '`meshwise perf list` shows what there is.',
    exitCode: 2,
    httpStatus: 404,
  },
  MW8102: {
    title: 'Store of results not usable',
    advice: 'Check the free space of $MESHWISE_HOME, or the database that MESHWISE_DATABASE_URL names.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW8103: {
    title: 'Store of results is of a later version',
    advice: 'Use the version of Meshwise that wrote it, or another directory or database.',
    exitCode: 3,
    httpStatus: 409,
  },
} as const satisfies Record<string, CatalogueEntry>;
