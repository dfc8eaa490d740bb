/** Bytes that no server may send. Stays inside the protocol, where it becomes a failure of the kind `malformed`. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** More than an answer may have. It becomes a failure of the kind `too-large`. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}
