import { memberIdSchema, type MemberId } from '@/domain/room';
import type { Person } from '@/session/people/roster';
import { NOW } from './moment';

/** Made from a name, so that it is the same in every state. */
const memberIdOf = (name: string): MemberId =>
  memberIdSchema.parse(`${name.replace(/[^A-Za-z0-9]/g, '')}k7Qp2Lm9Zk4Rt8Wv`.slice(0, 16));

const MINUTE_MS = 60_000;

/** Somebody who is here, by their name; `id` distinguishes people of one name. */
export function person(name: string, { id = name, ...rest }: Partial<Person> & { id?: string } = {}): Person {
  return {
    memberId: memberIdOf(id),
    name,
    tint: 0,
    owner: false,
    here: true,
    self: false,
    joinedAt: NOW - MINUTE_MS,
    ...rest,
  };
}

/** The reader, who made the room. */
export const you = person('Misty Marten', { tint: 5, owner: true, self: true });
/** The same as a guest in somebody else's room. */
export const youAsGuest: Person = { ...you, owner: false };
export const rowan = person('Rowan', { tint: 2 });
export const ines = person('Inês', { tint: 9 });
export const layla = person('ليلى', { id: 'Layla', tint: 7 });
export const ownerRowan: Person = { ...rowan, owner: true };
