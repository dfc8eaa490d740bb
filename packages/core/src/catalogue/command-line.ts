import type { CatalogueEntry } from './entry.ts';

/** MW7xxx: errors of the command line. */
export const COMMAND_LINE = {
  MW7001: {
    title: 'Wrong usage',
    advice: 'Run the command with --help; each has an example.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW7002: {
    title: 'File cannot be written',
    advice: 'Name a directory that is yours and has free space.',
    exitCode: 2,
    httpStatus: 400,
  },
} as const satisfies Record<string, CatalogueEntry>;
