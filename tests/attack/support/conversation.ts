import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { figure, type Taken, typicalP99 } from './figures';
import { LONG } from './form';
import { followMessages } from './honest-stream';
import { newVisitor, type Seat, tally, inWords } from './visitor';

/** Enough pairs for reliable figures. One pair sits in the attacked room, the rest elsewhere. */
const PAIRS = 8;
/** Each person sends at half a member's rate, so that no honest message is refused for its pace. */
const EVERY_MS = 667;
const QUIET_MS = LONG ? 8_000 : 1_200;
/** Messages of the warm-up, during which code is compiled and connections are made, count in no p99. */
const WARM_MS = 500;
/** How long messages sent at the end of a phase may take to arrive. */
const SETTLE_MS = LONG ? 15_000 : 6_000;

export interface Pair {
  readonly owner: Seat;
  readonly member: Seat;
}

/** Which of the pair: 0 is the owner, 1 the member. */
type Side = 0 | 1;

interface Said {
  readonly id: string;
  readonly at: number;
  readonly speaker: Side;
  /** How often each of the two streams received it. */
  readonly heard: [owner: number, member: number];
  status: number | undefined;
  /** How long it took to reach the other's stream. */
  ms: number | undefined;
}

/** How honest people fared during one phase. */
export interface Phase {
  /** How many messages they asked the server to accept. */
  readonly asked: number;
  readonly accepted: number;
  /** Accepted messages that were not heard by both, or that one of them heard more than once. */
  readonly missing: number;
  readonly repeated: number;
  /** How long messages take to reach the other's stream: the median of each half second's 99th percentile. */
  readonly p99Ms: number;
  /** `40 of 42 (2 × 429)` */
  readonly words: string;
}

export interface Conversation {
  /** The first of them is in the room that attacks on a room are aimed at. */
  readonly attacked: Pair;
  readonly pairs: readonly Pair[];
  measure(during: () => Promise<unknown>): Promise<Phase>;
  quiet(): Promise<Phase>;
}

/** Honest pairs, each an owner and a member, who talk and listen until the test is over. */
export async function startConversation(url: string, room: Record<string, unknown> = {}): Promise<Conversation> {
  const said: Said[] = [];
  const byId = new Map<string, Said>();
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());

  async function say({ owner, member }: Pair, speaker: Side): Promise<void> {
    const one: Said = {
      id: `honest-${said.length}`,
      at: performance.now(),
      speaker,
      heard: [0, 0],
      status: undefined,
      ms: undefined,
    };
    said.push(one);
    byId.set(one.id, one);
    const { status } = await (speaker === 0 ? owner : member).send({ id: one.id });
    one.status = status;
  }

  async function hear({ owner, member }: Pair, listener: Side): Promise<void> {
    await followMessages(url, listener === 0 ? owner : member, stopping.signal, (id) => {
      const one = byId.get(id);
      if (one === undefined) return;
      one.heard[listener] += 1;
      if (one.speaker !== listener) one.ms ??= performance.now() - one.at;
    });
  }

  const pairs: Pair[] = [];
  for (let index = 0; index < PAIRS; index += 1) {
    const owner = await newVisitor(url).open(room);
    const pair = { owner, member: await newVisitor(url).join(owner.roomId) };
    pairs.push(pair);
    await Promise.all([hear(pair, 0), hear(pair, 1)]);
  }
  const [attacked] = pairs;
  if (attacked === undefined) throw new Error('There are no pairs.');

  const turns = pairs.flatMap((pair) => [
    { pair, speaker: 0 as const },
    { pair, speaker: 1 as const },
  ]);
  let turn = 0;
  const timer = setInterval(() => {
    const next = turns[turn % turns.length];
    turn += 1;
    if (next !== undefined) void say(next.pair, next.speaker);
  }, EVERY_MS / turns.length);
  onTestFinished(() => clearInterval(timer));

  const measure: Conversation['measure'] = async (during) => {
    const from = said.length;
    await during();
    const part = said.slice(from);
    const until = performance.now() + SETTLE_MS;
    while (part.some(isOpen) && performance.now() < until) await pause(50);
    return phaseOf(part);
  };
  await pause(WARM_MS);
  return { attacked, pairs, measure, quiet: () => measure(() => pause(QUIET_MS)) };
}

const isOpen = ({ status, heard }: Said) =>
  status === undefined || (status === 201 && heard.some((times) => times === 0));

function phaseOf(part: readonly Said[]): Phase {
  const now = performance.now();
  const accepted = part.filter(({ status }) => status === 201);
  const refused = part.filter(({ status }) => status !== 201).map(({ status = 0 }) => ({ status }));
  const missing = accepted.filter(({ heard }) => heard.some((times) => times === 0)).length;
  const repeated = accepted.filter(({ heard }) => heard.some((times) => times > 1)).length;
  // A message that was refused at once was not delayed; one that nobody has heard yet has taken at least this long.
  const taken: Taken[] = part
    .filter(({ status }) => status === 201 || status === 0 || status === undefined)
    .map(({ at, ms }) => ({ at, ms: ms ?? now - at }));
  const lost = missing + repeated === 0 ? '' : `, ${missing} not heard, ${repeated} heard twice`;
  const not = refused.length === 0 ? '' : ` (${inWords(tally(refused))})`;
  return {
    asked: part.length,
    accepted: accepted.length,
    missing,
    repeated,
    p99Ms: typicalP99(taken),
    words: `${accepted.length} of ${part.length}${not}${lost}`,
  };
}

/** How many times as long as the quiet p99 the p99 under attack is. */
export const slowdown = (attacked: Phase, quiet: Phase): number => attacked.p99Ms / quiet.p99Ms;

/** `× 3.2` */
export const times = (ratio: number): string => `× ${figure(ratio)}`;
