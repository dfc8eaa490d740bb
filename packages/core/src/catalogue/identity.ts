import type { CatalogueEntry } from './entry.ts';

/** MW4xxx: errors of certificates and SPIFFE identities. */
export const IDENTITY = {
  MW4001: {
    title: 'Not a valid SPIFFE identity',
    advice:
      'A trust domain is made of a-z, 0-9, dot, dash and underscore; namespace and service account also of A-Z; the whole id has at most 2048 characters.',
    exitCode: 2,
    httpStatus: 422,
  },
  MW4002: {
    title: 'Certificate authority damaged',
    advice:
      'Restore the named file from a backup. Without one, run `meshwise down`, delete the directory of the authority and start again: every workload then gets a new identity.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW4003: {
    title: 'Private key of the certificate authority readable by others',
    advice:
      'If nobody else could have read it, `chmod 600` the named file. Otherwise run `meshwise down`, delete the directory of the authority and start again.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW4004: {
    title: 'Certificate authority of another trust domain',
    advice: 'Start with the trust domain the authority was made for, or with another state directory ($MESHWISE_HOME).',
    exitCode: 3,
    httpStatus: 500,
  },
  MW4005: {
    title: 'Certificate authority not valid at this time',
    advice:
      'Check the clock of this machine. If the root really ended, run `meshwise down`, delete the directory of the authority and start again.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW4006: {
    title: 'Certificate authority cannot be read or written',
    advice: 'Check that the state directory ($MESHWISE_HOME, default ~/.meshwise) exists, is yours and has free space.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW4007: {
    title: 'Not a certificate',
    advice: 'Give certificates as PEM: blocks between BEGIN CERTIFICATE and END CERTIFICATE.',
    exitCode: 2,
    httpStatus: 400,
  },
} as const satisfies Record<string, CatalogueEntry>;
