import { DEFAULT_WINDOW_BYTES, PREFACE, SETTING, settingsFrame, windowUpdateFrame } from './frames.ts';

/** What a server may send before it hears from us: enough for a fast network, and nothing of it is kept. */
export const STREAM_WINDOW_BYTES = 1 << 20;
export const CONNECTION_WINDOW_BYTES = 16 << 20;

/** What a client says first (RFC 9113 3.4): its settings, and how much it takes on the connection as a whole. */
export function opening(maxHeadBytes: number): Buffer {
  return Buffer.concat([
    PREFACE,
    settingsFrame([
      [SETTING.enablePush, 0],
      [SETTING.initialWindowSize, STREAM_WINDOW_BYTES],
      [SETTING.maxHeaderListSize, maxHeadBytes],
    ]),
    windowUpdateFrame(0, CONNECTION_WINDOW_BYTES - DEFAULT_WINDOW_BYTES),
  ]);
}
