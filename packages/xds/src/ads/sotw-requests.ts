/**
 * What a DiscoveryRequest (state of the world) means: it always carries the whole list of names, and is an answer when
 * its nonce is that of the last response. A request with an older nonce answers nothing, but its names count: requests
 * come in order, so they are always the client's latest.
 *
 * Each acknowledgement of 1,000 endpoints repeats the 1,000 names. A stream therefore compares the bytes of the names
 * with those of the request before, and decodes only when they differ.
 *
 * Source: "ACK/NACK and resource type instance version", "How the client specifies what resources to return".
 */
import { fromBinary } from '@bufbuild/protobuf';
import { DiscoveryRequestSchema } from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { rulesOfUrl, type XdsTypeRules } from '../types.ts';
import type { ParsedRequest } from './delta-requests.ts';
import { WILDCARD } from './name-lists.ts';
import { readNode } from './request-node.ts';
import { scanRequest } from './scan-request.ts';
import type { StreamSession } from './stream-session.ts';

interface LastRequest {
  /** Undefined when they were not in one run. */
  readonly names: Uint8Array | undefined;
  readonly hasNamed: boolean;
}

export class SotwReader {
  readonly #last = new Map<string, LastRequest>();

  parse(bytes: Uint8Array): ParsedRequest {
    const scan = scanRequest(bytes);
    const last = scan === undefined ? undefined : this.#last.get(scan.typeUrl);
    const rules = scan === undefined ? undefined : rulesOfUrl(scan.typeUrl);
    const isRepeat = scan !== undefined && last?.names !== undefined && Buffer.compare(scan.names, last.names) === 0;
    if (isRepeat && rules !== undefined) {
      return {
        node: undefined,
        typeUrl: scan.typeUrl,
        nameCount: 0,
        applyTo(session) {
          const state = session.state(rules.type);
          if (state?.lastNonce === scan.nonce) session.answer(state, { nonce: scan.nonce, error: undefined });
          return true;
        },
      };
    }
    return this.#parseWhole(bytes, scan?.names);
  }

  #parseWhole(bytes: Uint8Array, nameBytes: Uint8Array | undefined): ParsedRequest {
    const request = fromBinary(DiscoveryRequestSchema, bytes);
    const { typeUrl, resourceNames, responseNonce } = request;
    return {
      node: readNode(request.node),
      typeUrl,
      nameCount: resourceNames.length,
      applyTo: (session) => {
        const rules = rulesOfUrl(typeUrl);
        if (rules === undefined) return false;
        const state = session.state(rules.type);
        if (state !== undefined && responseNonce === state.lastNonce) {
          session.answer(state, { nonce: responseNonce, error: request.errorDetail?.message });
        }
        const hasNamed = (this.#last.get(typeUrl)?.hasNamed ?? false) || resourceNames.length > 0;
        this.#last.set(typeUrl, { names: nameBytes && Uint8Array.from(nameBytes), hasNamed });
        subscribe(session, rules, resourceNames, hasNamed);
        return true;
      },
    };
  }
}

function subscribe(session: StreamSession, rules: XdsTypeRules, listed: readonly string[], hasNamed: boolean): void {
  // An empty list means everything only to those who never gave a name; afterwards it means nothing.
  const wildcard = listed.includes(WILDCARD) || (rules.wildcardByDefault && !hasNamed);
  const names = new Set(listed.filter((name) => name !== WILDCARD));
  const state = session.state(rules.type);
  if (state === undefined) {
    session.start(rules, wildcard, names, new Map());
    return;
  }
  const before = state.subscription;
  const added = [...names].filter((name) => !before.names.has(name));
  const isSame = added.length === 0 && names.size === before.names.size && wildcard === before.wildcard;
  if (isSame) return;
  if (wildcard && !before.wildcard) added.push(...state.visibleNames());
  session.resubscribe(state, wildcard, names, added);
}
