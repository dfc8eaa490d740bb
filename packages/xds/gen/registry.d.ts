import type { Registry } from '@bufbuild/protobuf';

/** Every generated file, so that `Any` packs, unpacks and prints as JSON. */
export declare const registry: Registry;
