import 'server-only';
import * as z from 'zod/mini';
import type { FormerMember, Member } from '@/domain/member';
import { cursorSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import { sealedCardSchema } from '@/domain/sealed';
import { fieldsOf } from './replies';

const rosterSchema = z.tuple([
  z.enum(['0', '1']),
  z.string(),
  z.array(z.string()),
  z.array(z.string()),
  z.array(z.string()),
]);
/** `<order>:<joinedAt>:<token hash>:<seat>:<label>`. */
const ENTRY = /^(\d+):(\d+):[^:]*:\d+:(.*)$/s;
const entrySchema = z.tuple([z.coerce.number(), z.coerce.number(), z.string()]);

/** How people are told apart: the JSON of a card in a sealed room, of a name in a plain one, or nothing. */
function labelOf(label: string, sealed: boolean): { name?: string; card?: z.infer<typeof sealedCardSchema> } {
  if (label === '') return {};
  const parsed: unknown = JSON.parse(label);
  return sealed ? { card: sealedCardSchema.parse(parsed) } : { name: z.string().parse(parsed) };
}

/**
 * The members that a script returned (whether the room is sealed, the owner, the ids of those here, ids and entries in turn, ids and
 * cursors in turn), as they were seated.
 */
export function membersOf(reply: readonly unknown[]): Member[] {
  const [isSealed, owner, hereIds, entries, cursors] = rosterSchema.parse(reply);
  const here = new Set(hereIds);
  const seen = fieldsOf(cursors);
  return Object.entries(fieldsOf(entries))
    .map(([id, entry]) => {
      const [order, joinedAt, label] = entrySchema.parse(ENTRY.exec(entry)?.slice(1));
      const memberId = memberIdSchema.parse(id);
      const member = {
        memberId,
        owner: id === owner,
        joinedAt,
        here: here.has(id),
        ...labelOf(label, isSealed === '1'),
        ...(seen[id] !== undefined && { seen: cursorSchema.parse(seen[id]) }),
      };
      return { order, member };
    })
    .sort((left, right) => left.order - right.order)
    .map(({ member }) => member);
}

/** The members who left, ids and labels in turn. */
export const formerMembersOf = (labels: readonly unknown[], sealed: boolean): FormerMember[] =>
  Object.entries(fieldsOf(labels)).map(([id, label]) => ({
    memberId: memberIdSchema.parse(id),
    ...labelOf(label, sealed),
  }));
