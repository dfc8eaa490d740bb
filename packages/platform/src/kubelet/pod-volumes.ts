import { join } from 'node:path';
import type { Capture } from '../capture/capture.ts';
import type { CurrentPod } from './current-pod.ts';
import { removeTree } from './remove-tree.ts';
import { prepareVolumes, type VolumeSources } from './volumes.ts';

export interface PodVolumesOptions {
  readonly capture: Capture;
  readonly volumeSources: (namespace: string) => VolumeSources;
  readonly runDirectory: string;
}

/** The folders of one pod's volumes, written one at a time: two that write the same files would mix them up. */
export class PodVolumes {
  readonly #pod: CurrentPod;
  readonly #o: PodVolumesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pod: CurrentPod, options: PodVolumesOptions) {
    this.#pod = pod;
    this.#o = options;
  }

  /** Answers with the folder of each volume. */
  prepare(): Promise<ReadonlyMap<string, string>> {
    const made = this.#last.then(() => prepareVolumes(this.#pod.spec, this.#context()));
    this.#last = made.catch(() => undefined);
    return made;
  }

  /** Whether a change of that ConfigMap or Secret is a change of a volume. */
  hold(kind: string, name: string): boolean {
    return (this.#pod.spec.volumes ?? []).some((volume) =>
      kind === 'ConfigMap' ? volume.configMap?.name === name : volume.secret?.secretName === name,
    );
  }

  async remove(): Promise<void> {
    await this.#last;
    await removeTree(this.#directory);
  }

  get #directory(): string {
    return join(this.#o.runDirectory, 'volumes', this.#pod.uid);
  }

  #context() {
    return {
      directory: this.#directory,
      sources: this.#o.volumeSources(this.#pod.namespace),
      uid: this.#o.capture.programUid({ podIp: this.#pod.podIp }),
    };
  }
}
