import type { Requester, UpstashRequest, UpstashResponse } from '@upstash/redis';

/** A way to Redis whose faults a test sets. */
export interface FaultyRequester extends Requester {
  /** How many of the next subscriptions are refused. */
  refuseSubscriptions: number;
  /** How many of the next subscriptions are never confirmed and never receive anything. */
  muteSubscriptions: number;
  /** How many of the next commands fail. */
  failCommands: number;
  /** How many of the next publications are lost. Those after them arrive. */
  losePublications: number;
  /** No publication arrives, and nothing reports that. */
  deaf: boolean;
  /** The subscriptions that are active. */
  readonly subscriptions: number;
  /** How many subscriptions have been requested. */
  readonly subscribed: number;
  /** Sends this line to every subscription, as if it came from Redis. */
  hear(line: string): void;
  /** Ends every subscription from Redis's side, and reports the end. */
  endSubscriptions(): void;
  /** From now on commands wait until they are released. */
  holdCommands(): () => void;
  /** From now on commands are executed, but their answers wait until they are released. */
  holdAnswers(): () => void;
}

type OnLine = (line: string) => void;

/** `inner`, with faults. */
export function withFaults(inner: Requester): FaultyRequester {
  const open = new Map<OnLine, string>();
  let subscribed = 0;
  let held: Promise<void> = Promise.resolve();
  let heldAnswers: Promise<void> = Promise.resolve();

  async function subscribe(asked: UpstashRequest): Promise<unknown> {
    subscribed += 1;
    const onMessage = asked.onMessage;
    if (onMessage === undefined) throw new TypeError('A subscription needs a listener');
    if (faulty.refuseSubscriptions > 0) {
      faulty.refuseSubscriptions -= 1;
      await Promise.resolve();
      throw new Error('refused by the test');
    }
    const mute = faulty.muteSubscriptions > 0;
    if (mute) faulty.muteSubscriptions -= 1;
    open.set(onMessage, asked.path?.[1] ?? '');
    asked.signal?.addEventListener('abort', () => open.delete(onMessage));
    return inner.request({
      ...asked,
      onMessage: (line) => {
        if (mute || !open.has(onMessage)) return;
        if (line.startsWith('message,')) {
          if (faulty.deaf) return;
          if (faulty.losePublications > 0) {
            faulty.losePublications -= 1;
            return;
          }
        }
        onMessage(line);
      },
    });
  }

  async function command(asked: UpstashRequest): Promise<unknown> {
    await held;
    if (faulty.failCommands > 0) {
      faulty.failCommands -= 1;
      throw new Error('failed by the test');
    }
    const answers = heldAnswers;
    const answer = await inner.request(asked);
    await answers;
    return answer;
  }

  const faulty: FaultyRequester = {
    refuseSubscriptions: 0,
    muteSubscriptions: 0,
    failCommands: 0,
    losePublications: 0,
    deaf: false,
    get subscriptions() {
      return open.size;
    },
    get subscribed() {
      return subscribed;
    },
    hear: (line) => {
      for (const onLine of [...open.keys()]) onLine(line);
    },
    endSubscriptions: () => {
      for (const [onLine, channel] of [...open]) {
        open.delete(onLine);
        onLine(`unsubscribe,${channel},0`);
      }
    },
    holdCommands: () => {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    holdAnswers: () => {
      let release: () => void = () => undefined;
      heldAnswers = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    request: <Result>(asked: UpstashRequest) =>
      (asked.path?.[0] === 'subscribe' ? subscribe(asked) : command(asked)) as Promise<UpstashResponse<Result>>,
  };
  return faulty;
}
