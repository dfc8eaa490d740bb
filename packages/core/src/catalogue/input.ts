import type { CatalogueEntry } from './entry.ts';

/** MW1xxx: errors of what the user hands in. */
export const INPUT = {
  MW1001: {
    title: 'Malformed YAML or JSON',
    advice: 'Correct the syntax at the named line; nothing of this file was applied.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW1002: {
    title: 'Input over a limit',
    advice:
      'Split the input: limits on bytes, documents, depth and aliases keep a hostile file from stopping the daemon.',
    exitCode: 2,
    httpStatus: 413,
  },
  MW1003: {
    title: 'Not a resource',
    advice: 'Each document needs apiVersion, kind and metadata.name.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW1004: {
    title: 'Field does not fit the schema',
    advice: 'Correct the named field; nothing of this file was applied.',
    exitCode: 2,
    httpStatus: 422,
  },
  MW1005: {
    title: 'Path cannot be read',
    advice: 'Check that the file or folder exists and may be read.',
    exitCode: 2,
    httpStatus: 400,
  },
  MW1006: {
    title: 'Unknown field',
    advice: 'Correct or remove the field: a Kubernetes API server would drop it.',
    exitCode: 1,
    httpStatus: 422,
  },
  MW1007: {
    title: 'Unknown kind',
    advice: 'The resource is kept as it is and not checked. Correct apiVersion and kind if another kind was meant.',
    exitCode: 1,
    httpStatus: 422,
  },
  MW1008: {
    title: 'Accepted with a condition',
    advice:
      'The resource is stored and everything else of it holds. Correct the named field, or live with what the message says.',
    exitCode: 1,
    httpStatus: 422,
  },
  MW1009: {
    title: 'Configuration that Envoy refuses',
    advice: 'Correct the named field; nothing was applied, and the proxies keep what they have.',
    exitCode: 2,
    httpStatus: 422,
  },
  MW1010: {
    title: 'Somebody is locked out',
    advice:
      'Give those who are to come a rule that allows them (see `meshwise get access`), or take the change back with `meshwise rollback`.',
    exitCode: 1,
    httpStatus: 422,
  },
} as const satisfies Record<string, CatalogueEntry>;
