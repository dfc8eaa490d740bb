/** Everything is on addresses of 127.0.0.0/8, so that the bench needs no namespaces and no rights. */
export const PORT = 19_080;
export const ADDRESSES = {
  app: '127.77.2.2',
  generatedServer: '127.77.1.2',
  generatedClient: '127.77.1.1',
  staticServer: '127.77.3.2',
  staticClient: '127.77.3.1',
} as const;
