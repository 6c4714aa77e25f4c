import 'server-only';
import * as z from 'zod/mini';
import type { Member } from '@/domain/member';
import { memberIdSchema } from '@/domain/room';
import { fieldsOf } from '@/server/storage/lua/script';
import { accepted } from './reply';

const replySchema = z.tuple([z.string(), z.array(z.string()), z.array(z.string())]);
/** `<order>:<joinedAt>:<token hash>:<seat>:<name as JSON, or nothing>`. */
const ENTRY = /^(\d+):(\d+):[^:]*:\d+:(.*)$/s;
const entrySchema = z.tuple([z.coerce.number(), z.coerce.number(), z.string()]);

function memberOf(
  id: string,
  entry: string,
  owner: string,
  here: ReadonlySet<string>,
): { order: number; member: Member } {
  const [order, joinedAt, name] = entrySchema.parse(ENTRY.exec(entry)?.slice(1));
  return {
    order,
    member: {
      memberId: memberIdSchema.parse(id),
      owner: id === owner,
      joinedAt,
      here: here.has(id),
      ...(name !== '' && { name: z.string().parse(JSON.parse(name)) }),
    },
  };
}

/** The members that a script answers with, in the order in which they were seated. */
export function membersOf(reply: readonly unknown[]): Member[] {
  const [owner, hereIds, entries] = replySchema.parse(accepted(reply).rest);
  const here = new Set(hereIds);
  return Object.entries(fieldsOf(entries))
    .map(([id, entry]) => memberOf(id, entry, owner, here))
    .sort((left, right) => left.order - right.order)
    .map(({ member }) => member);
}
