/** The key under which endpoints say whether a sidecar stands there. Istio's name and values. */
export const TLS_MODE = 'tlsMode';
export const TLS_MODE_MUTUAL = 'istio';
