import type { PageSignal, PageSignals } from '@/client/page-signals';
import type { TabChannel, TabMessage } from '@/client/tabs/messages';
import type { TabStorage } from '@/lib/tab-storage';

/** A page whose signals the test gives. */
export class FakePage implements PageSignals {
  visible = true;
  online = true;
  outdated = false;
  reloads = 0;
  private readonly listeners = new Set<(signal: PageSignal) => void>();

  readonly isVisible = () => this.visible;
  readonly isOnline = () => this.online;
  readonly isOutdated = () => this.outdated;
  readonly reload = () => {
    this.reloads += 1;
  };
  readonly follow = (listener: (signal: PageSignal) => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  emit(signal: PageSignal): void {
    if (signal === 'online' || signal === 'offline') this.online = signal === 'online';
    if (signal === 'outdated') this.outdated = true;
    if (signal === 'visible' || signal === 'hidden') this.visible = signal === 'visible';
    for (const listener of [...this.listeners]) listener(signal);
  }
}

/** Storage of a tab, in memory. */
export class FakeStorage implements TabStorage {
  readonly entries = new Map<string, string>();
  get length() {
    return this.entries.size;
  }
  getItem(key: string) {
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.entries.set(key, value);
  }
  removeItem(key: string) {
    this.entries.delete(key);
  }
  key(index: number) {
    return [...this.entries.keys()][index] ?? null;
  }
}

/** One connection opened by the code under test, which the test answers. */
export interface FakeConnection {
  readonly url: URL;
  readonly signal: AbortSignal;
  /** Answers with an event stream, or with a status and a page of HTML, as proxies do. */
  readonly answer: (status?: number, type?: string, body?: string) => void;
  /** Answers with a problem document, ours unless another type is given. */
  readonly refuse: (status: number, code: string, type?: string) => void;
  /** Sends one message of the wire. */
  readonly send: (message: unknown) => void;
  /** Sends bytes as they are. */
  readonly write: (bytes: string) => void;
  /** The server ends the stream. */
  readonly end: () => void;
  /** The line breaks. */
  readonly fail: () => void;
}

/** A `fetch` that records connections and leaves their answers to the test. */
export class FakeServer {
  readonly connections: FakeConnection[] = [];
  private readonly encoder = new TextEncoder();

  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('nobody has connected');
    return last;
  }

  readonly fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { signal } = init ?? {};
    if (!signal || typeof input !== 'string') throw new TypeError('expected a path and a signal');
    return new Promise((resolve, reject) => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({ start: (started) => (controller = started) });
      const fail = () => {
        reject(new TypeError('network error'));
        controller?.error(new TypeError('network error'));
      };
      signal.addEventListener('abort', fail);
      const write = (bytes: string) => controller?.enqueue(this.encoder.encode(bytes));
      const answer = (
        status = 200,
        type = status === 200 ? 'text/event-stream' : 'text/html',
        document = '<h1>Not here</h1>',
      ) =>
        resolve(
          type === 'text/event-stream'
            ? new Response(body, { headers: { 'content-type': type } })
            : new Response(document, { status, headers: { 'content-type': type } }),
        );
      this.connections.push({
        url: new URL(input, 'http://localhost'),
        signal,
        answer,
        refuse: (status, code, type = 'application/problem+json') =>
          answer(status, type, JSON.stringify({ status, code })),
        write,
        send: (message) => write(`data: ${JSON.stringify(message)}\n\n`),
        end: () => controller?.close(),
        fail,
      });
    });
  };
}

interface FakeChannel extends TabChannel {
  readonly name: string;
  /** Messages that arrived since the tab was frozen; null while it is not. */
  frozen: TabMessage[] | null;
}

interface Waiting {
  readonly grant: () => void;
}

/** Web Locks and BroadcastChannel of one browser, shared by its tabs. */
export class FakeBrowser {
  private held: { release: () => void; steal: () => void } | null = null;
  private readonly queue: Waiting[] = [];
  private readonly channels = new Set<FakeChannel>();
  /** All messages that tabs have posted. */
  readonly posted: TabMessage[] = [];

  readonly locks: Pick<LockManager, 'request'> = {
    request: (<T>(_name: string, options: LockOptions, hold: LockGrantedCallback<T>) =>
      new Promise<unknown>((resolve, reject) => {
        const grant = () => {
          const mine = {
            release: () => {
              if (this.held !== mine) return;
              this.held = null;
              this.queue.shift()?.grant();
            },
            steal: () => reject(new DOMException('stolen', 'AbortError')),
          };
          this.held = mine;
          void Promise.resolve(hold({ name: _name, mode: 'exclusive' })).then((value) => {
            mine.release();
            resolve(value);
          });
        };
        if (options.steal === true) {
          this.held?.steal();
          this.held = null;
        }
        if (this.held === null) {
          grant();
          return;
        }
        const waiting = { grant };
        this.queue.push(waiting);
        options.signal?.addEventListener('abort', () => {
          const index = this.queue.indexOf(waiting);
          if (index < 0) return;
          this.queue.splice(index, 1);
          reject(new DOMException('aborted', 'AbortError'));
        });
      })) as LockManager['request'],
  };

  readonly openChannel = (name: string): TabChannel => {
    const channel: FakeChannel = {
      name,
      onmessage: null,
      frozen: null,
      postMessage: () => undefined,
      close: () => this.channels.delete(channel),
    };
    channel.postMessage = (message) => {
      if (channel.frozen !== null) return;
      this.posted.push(message);
      const data = structuredClone(message);
      for (const other of this.channels) {
        if (other !== channel && other.name === name) queueMicrotask(() => this.deliver(other, data));
      }
    };
    this.channels.add(channel);
    return channel;
  };

  /** Freezes the tab opened `index`th: it posts nothing, and receives everything only when it thaws. */
  freeze(index: number): { thaw: () => void } {
    const channel = [...this.channels][index];
    if (channel === undefined) throw new Error('no such tab');
    channel.frozen = [];
    return {
      thaw: () => {
        const missed = channel.frozen ?? [];
        channel.frozen = null;
        for (const data of missed) this.deliver(channel, data);
      },
    };
  }

  private deliver(channel: FakeChannel, data: TabMessage): void {
    if (channel.frozen !== null) channel.frozen.push(data);
    else if (this.channels.has(channel)) channel.onmessage?.(new MessageEvent('message', { data }));
  }
}
