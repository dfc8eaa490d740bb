import { stableJson } from './json.ts';
import type { PodTemplate } from './kinds.ts';

/** Label by which Kubernetes tells the ReplicaSets and Pods of a Deployment's revisions apart. */
export const POD_TEMPLATE_HASH = 'pod-template-hash';

// Without vowels and without characters that are mistaken for others, as k8s.io/apimachinery/pkg/util/rand has it.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name part for a template: FNV-1a of its content, in letters that spell no words. */
export function templateHash(template: PodTemplate, collisionCount = 0): string {
  const text = stableJson(template) + (collisionCount === 0 ? '' : String(collisionCount));
  return nameHash(text);
}

/** The hash of any text in the same letters. */
export function nameHash(text: string): string {
  return [...String(fnv1a(text))].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

/** Five random letters for names made from `generateName`. */
export function randomSuffix(random: () => number): string {
  return Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

/** 32-bit FNV-1a over the UTF-8 bytes of a text. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
