import type { CatalogueEntry } from './entry.ts';

/** MW0xxx: errors of the program itself. */
export const INTERNAL = {
  MW0001: {
    title: 'Internal error',
    advice: 'This is a defect of Meshwise. Run `meshwise doctor` and report the message with the daemon log.',
    exitCode: 3,
    httpStatus: 500,
  },
} as const satisfies Record<string, CatalogueEntry>;
