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
  MW4008: {
    title: 'Root certificate cannot be exchanged in this order',
    advice:
      'The steps are `meshwise identity rotate-root introduce`, `switch` and `retire`; `meshwise identity rotate-root status` says which is next.',
    exitCode: 1,
    httpStatus: 409,
  },
  MW4009: {
    title: 'Proxies are not ready for the next step',
    advice:
      '`meshwise identity rotate-root status` names the proxies that are waited for. With --force the step is taken all the same, and they lose new connections.',
    exitCode: 1,
    httpStatus: 409,
  },
  MW4010: {
    title: 'Identity is revoked for good',
    advice: '`meshwise identity readmit` with the same identity takes that back.',
    exitCode: 1,
    httpStatus: 409,
  },
  MW4011: {
    title: 'No such identity or certificate',
    advice:
      'Name a SPIFFE id, a workload (deploy/NAME, a pod) or the serial number of a certificate that has not ended; see `meshwise identity list`.',
    exitCode: 2,
    httpStatus: 404,
  },
  MW4101: {
    title: 'Keys of a token issuer cannot be fetched',
    advice:
      'Check that jwksUri (or the issuer, when there is none) answers with a JSON Web Key Set. Tokens of an issuer whose keys were never seen are refused.',
    exitCode: 3,
    httpStatus: 502,
  },
} as const satisfies Record<string, CatalogueEntry>;
