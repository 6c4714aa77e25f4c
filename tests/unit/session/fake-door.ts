import { createRoomApi, type Knocking, type Newcomer, type RoomApi } from '@/client/api';
import { knockIdSchema, type Knock, type KnockId } from '@/domain/knock';

/** What the door asks of the room behind it. */
interface Behind {
  readonly now: () => number;
  /** Whether this browser’s member owns the room. */
  readonly isOwner: () => boolean;
  readonly onKnocked: (knock: Knock) => void;
}

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code }), { status, headers: { 'content-type': 'application/problem+json' } });

const idOf = (number: number): KnockId => knockIdSchema.parse(`Knock${number}`.padEnd(16, '0'));

/** The door of a room in memory: this browser stands before it, or its member answers those who do. */
export class FakeDoor {
  /** Those who wait, as the owner reads them. */
  waiting: Knock[] = [];
  /** What the owner has answered. */
  readonly answers: { readonly knockId: string; readonly admit: boolean }[] = [];
  readonly reports: unknown[] = [];
  /** How often the list was read. */
  reads = 0;
  /** Answers in the server’s place; null where it is to answer itself. */
  standIn: ((path: string) => Response | null) | null = null;
  /** This browser’s own knock. */
  own: { readonly knockId: KnockId; state: 'waiting' | 'admitted' | 'refused' } | null = null;
  /** What this browser showed, each time that it asked, and when. */
  readonly asked: { readonly newcomer: Newcomer; readonly at: number }[] = [];
  private knocks = 0;
  /** Those who are not listed: they were answered, or stopped asking. */
  private readonly remembered = new Set<string>();

  constructor(private readonly behind: Behind) {}

  /** Somebody else comes to the door. */
  knock(shown: Pick<Knock, 'name' | 'memberId' | 'card'>): KnockId {
    this.knocks += 1;
    const knock: Knock = { knockId: idOf(this.knocks), at: this.behind.now(), ...shown };
    this.waiting.push(knock);
    this.behind.onKnocked(knock);
    return knock.knockId;
  }

  /** They stopped asking: nobody sees them any more, and an answer awaits them should they ask again. */
  lapse(knockId: KnockId): void {
    this.waiting = this.waiting.filter((one) => one.knockId !== knockId);
    this.remembered.add(knockId);
  }

  /** A new key of the room ends all knocks. */
  endAll(): void {
    this.waiting = [];
    this.remembered.clear();
  }

  /** This browser asks: null when it is let in. */
  ask(newcomer: Newcomer): Knocking | 'refused' | null {
    this.asked.push({ newcomer: structuredClone(newcomer), at: Date.now() });
    if (this.own === null) {
      this.knocks += 1;
      this.own = { knockId: idOf(this.knocks), state: 'waiting' };
    }
    if (this.own.state === 'waiting') return { knockId: this.own.knockId };
    return this.own.state === 'refused' ? 'refused' : null;
  }

  /** The owner’s calls, and reports, as the network has them. */
  readonly request: RoomApi['request'] = createRoomApi({
    origin: 'http://localhost',
    isOnline: () => true,
    fetcher: (input, init) => this.fetch(new Request(input, init)),
  }).request;

  private async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const stoodIn = this.standIn?.(pathname) ?? null;
    if (stoodIn !== null) return stoodIn;
    if (pathname === '/api/reports') {
      this.reports.push(await request.json());
      return new Response(null, { status: 204 });
    }
    if (!this.behind.isOwner()) return problem(403, 'not_the_owner');
    if (request.method === 'GET') {
      this.reads += 1;
      return Response.json({ knocks: this.waiting });
    }
    const knockId = searchParams.get('knockId') ?? '';
    const { admit } = (await request.json()) as { admit: boolean };
    const isWaiting = this.waiting.some((one) => one.knockId === knockId);
    if (!isWaiting && !this.remembered.has(knockId)) return problem(404, 'not_found');
    this.waiting = this.waiting.filter((one) => one.knockId !== knockId);
    this.remembered.add(knockId);
    if (isWaiting) this.answers.push({ knockId, admit });
    return new Response(null, { status: 204 });
  }
}
