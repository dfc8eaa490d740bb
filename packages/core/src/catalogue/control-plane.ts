import type { CatalogueEntry } from './entry.ts';

/** MW5xxx: errors of xDS. */
export const CONTROL_PLANE = {
  MW5001: {
    title: 'Control plane cannot listen',
    advice:
      'Check that the directory of the socket exists and is yours, and that no other daemon uses the same socket.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW5002: {
    title: 'Proxy cannot be registered',
    advice: 'Each proxy has one id, one socket and one token, and looks only at shared views and at its own.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW5003: {
    title: 'Secret in a shared view',
    advice: 'Secrets go into the view that one proxy owns. This is a defect of Meshwise if no program of yours did it.',
    exitCode: 3,
    httpStatus: 500,
  },
} as const satisfies Record<string, CatalogueEntry>;
