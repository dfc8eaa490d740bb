import type { Probes } from './probe/probes.ts';

/** A function of the mesh whose price is asked: what is applied for it, and how it shows. */
export interface TrafficFunction {
  readonly name: string;
  /** Manifests, applied to switch it on and taken back to switch it off. */
  readonly on: string;
  /** Applied to switch it off, for what the mesh does unless told otherwise; `on` is then empty. */
  readonly off?: string;
  /** Sent with every measured request, in both variants. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What shows that it is on, in words, or undefined when nothing does. It must show while it is on, and only then. */
  readonly evidence: (probes: Probes) => Promise<string | undefined>;
}
