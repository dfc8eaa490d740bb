import { PATHS } from '@meshwise/api';

export interface StreamHandlers {
  opened(): void;
  status(data: string, eventId: string): void;
  /** The load tests that go on. */
  runs(data: string): void;
  ping(): void;
  /** The connection is gone. `final`: the browser will not try again by itself. */
  dropped(final: boolean): void;
}

export type OpenStream = (handlers: StreamHandlers) => () => void;

/** The daemon's event stream by the browser's EventSource, which reconnects and resumes by Last-Event-ID on its own. */
export const openEventStream: OpenStream = (handlers) => {
  const source = new EventSource(PATHS.stream);
  source.addEventListener('open', () => handlers.opened());
  source.addEventListener('status', (event) => handlers.status(event.data, event.lastEventId));
  source.addEventListener('runs', (event) => handlers.runs(event.data));
  source.addEventListener('ping', () => handlers.ping());
  source.addEventListener('error', () => handlers.dropped(source.readyState === EventSource.CLOSED));
  return () => source.close();
};
