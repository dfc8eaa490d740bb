/** Where the proxy answers for names, inside each pod; the customary address of a cluster's DNS service. */
export const DNS_ADDRESS = '10.96.0.10';

/** resolv.conf(5) of a pod, as `dnsPolicy: ClusterFirst` gives it, so that `reviews` means `reviews.<namespace>.svc…`. */
export function resolverConfiguration(namespace: string, clusterDomain: string): string {
  const search = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain].join(' ');
  return `nameserver ${DNS_ADDRESS}\nsearch ${search}\noptions ndots:5\n`;
}
