import type { CatalogueEntry } from './entry.ts';

/** MW2xxx: errors of resources and their store. */
export const RESOURCES = {
  MW2001: {
    title: 'Resource not found',
    advice: 'List what is there with `meshwise get KIND -A`.',
    exitCode: 1,
    httpStatus: 404,
  },
  MW2002: {
    title: 'Resource changed meanwhile',
    advice: 'Read the resource again and repeat the change.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW2003: {
    title: 'Watch position too old',
    advice: 'List again and watch from the resource version of the list.',
    exitCode: 3,
    httpStatus: 410,
  },
  MW2004: {
    title: 'Field owned by another manager',
    advice: 'Leave the field out, or take it over with --force-conflicts.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW2005: {
    title: 'Resource exists already',
    advice: 'Use `meshwise apply` to change it.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW2006: {
    title: 'Store cannot be opened or written',
    advice: 'Check that the state directory ($MESHWISE_HOME, default ~/.meshwise) exists, is yours and has free space.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW2007: {
    title: 'No such revision',
    advice: 'See what there is with `meshwise rollback --list`.',
    exitCode: 2,
    httpStatus: 404,
  },
} as const satisfies Record<string, CatalogueEntry>;
