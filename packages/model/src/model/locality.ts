type Labels = Readonly<Record<string, string>>;

/** Where something stands, from wide to narrow; a part that is not known is ''. */
export interface Locality {
  readonly region: string;
  readonly zone: string;
  readonly subzone: string;
}

/** `region/zone/subzone`; trailing parts may be missing. */
export function parseLocality(text: string): Locality {
  const [region = '', zone = '', subzone = ''] = text.split('/', 3);
  return { region, zone, subzone };
}

/** Istio's labels of a workload for its own place; the second is the older one. */
const LOCALITY_LABELS = ['topology.istio.io/locality', 'istio-locality'];

/** The locality a workload's labels say. Since label values have no slashes, dots stand for them (Istio). */
export function labelledLocality(labels: Labels): string | undefined {
  const written = LOCALITY_LABELS.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
  if (written === undefined) return undefined;
  return written.includes('/') ? written : written.replaceAll('.', '/');
}

/** Istio's `LocalityMatch`: a part that is `*` or missing in the pattern matches any, and so does all behind it. */
export function isWithin(locality: Locality, pattern: string): boolean {
  const wanted = parseLocality(pattern);
  const fits = (part: string, own: string) => part === '*' || part === '' || part === own;
  return (
    (wanted.region === '*' || wanted.region === locality.region) &&
    fits(wanted.zone, locality.zone) &&
    fits(wanted.subzone, locality.subzone)
  );
}

/** 0 in the same subzone, 1 in the same zone, 2 in the same region, 3 elsewhere. */
export function distance(a: Locality, b: Locality): 0 | 1 | 2 | 3 {
  if (a.region !== b.region) return 3;
  if (a.zone !== b.zone) return 2;
  return a.subzone === b.subzone ? 0 : 1;
}

/** The labels that Istio gives everything by where it stands, so that rules can name them like any other. */
export function topologyLabels({ region, zone, subzone }: Locality): Labels {
  const labels = {
    'topology.kubernetes.io/region': region,
    'topology.kubernetes.io/zone': zone,
    'topology.istio.io/subzone': subzone,
  };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
