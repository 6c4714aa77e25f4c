import { get } from 'node:http';
import { createParser } from 'eventsource-parser';

/**
 * Shorter than the three seconds of browsers; otherwise it follows
 * https://html.spec.whatwg.org/multipage/server-sent-events.html.
 */
const RETRY_MS = 50;

/** How the page's EventSource reaches the server, with the credential that a browser would send as a cookie. */
export interface EventSourceSetup {
  headers: Record<string, string>;
  /** The addresses requested, in order. */
  readonly asked: string[];
}

/** An EventSource like that of browsers, over Node's own HTTP, for libraries that look for a global one. */
export function eventSourceClass(setup: EventSourceSetup) {
  return class TestEventSource {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 2;
    readyState = TestEventSource.CONNECTING;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onerror: (() => void) | null = null;
    #stop: () => void = () => undefined;

    constructor(url: string) {
      this.#connect(url);
    }

    close(): void {
      this.readyState = TestEventSource.CLOSED;
      this.#stop();
    }

    #connect(url: string): void {
      setup.asked.push(url);
      const asked = get(
        url,
        { agent: false, headers: { ...setup.headers, accept: 'text/event-stream' } },
        (response) => {
          if (this.readyState === TestEventSource.CLOSED) return;
          if (response.statusCode !== 200) {
            this.readyState = TestEventSource.CLOSED;
            this.onerror?.();
            return;
          }
          this.readyState = TestEventSource.OPEN;
          this.onopen?.();
          const decoder = new TextDecoder();
          const parser = createParser({
            onEvent: ({ data }) => {
              if (this.readyState === TestEventSource.OPEN) this.onmessage?.({ data });
            },
          });
          response.on('data', (bytes: Buffer) => parser.feed(decoder.decode(bytes, { stream: true })));
          response.on('error', () => undefined);
          response.on('close', () => this.#retry(url));
        },
      );
      asked.on('error', () => this.#retry(url));
      this.#stop = () => asked.destroy();
    }

    /** It reconnects by itself and to the same address, which is why the library hears events twice. */
    #retry(url: string): void {
      if (this.readyState === TestEventSource.CLOSED) return;
      this.readyState = TestEventSource.CONNECTING;
      this.onerror?.();
      const timer = setTimeout(() => this.#connect(url), RETRY_MS);
      this.#stop = () => clearTimeout(timer);
    }
  };
}
