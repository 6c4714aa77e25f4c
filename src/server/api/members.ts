import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { FORMER_MEMBERS_ASKED_MAX } from '@/domain/limits';
import { formerMemberSchema, memberSchema } from '@/domain/member';
import { updateMemberSchema } from '@/domain/requests';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { readMembers } from '@/server/services/read-members';
import { removeMember } from '@/server/services/remove-member';
import { updateMember } from '@/server/services/update-member';
import { door } from './door';
import { problemSchema } from './errors';
import type { LargeReads } from './large-reads';
import { repeatedSchema } from './query-schemas';

const listing = {
  inRoom: true,
  query: z.object({
    roomId: roomIdSchema,
    memberId: z.optional(repeatedSchema(memberIdSchema, FORMER_MEMBERS_ASKED_MAX)),
  }),
  response: {
    200: z.object({ members: z.array(memberSchema), former: z.array(formerMemberSchema) }),
    422: problemSchema,
    401: problemSchema,
    404: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'List the members',
    description:
      'In the order in which the seats were taken. `former` left and have a message in the room: the 200 who left last, the ' +
      'last of all at the end, or those that `memberId` names, which may be repeated. A list of more than 256 kB counts as several reads.',
  },
} as const;

const renaming = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  body: updateMemberSchema,
  response: {
    200: memberSchema,
    401: problemSchema,
    404: problemSchema,
    409: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Change one’s own name or card',
    description: 'Plain rooms take `name`, sealed ones a `card` of the room’s epoch (else 409 `epoch_changed`).',
  },
} as const;

const removing = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema, memberId: memberIdSchema }),
  detail: {
    summary: 'Remove a member',
    description:
      'For the owner. 204 again for a member who was removed before, 404 `not_found` for any other who has no seat.',
    responses: {
      204: { description: 'Credential and streams ended at once.' },
      401: { description: 'Not a member.' },
      422: { description: 'No member id.' },
    },
  },
} as const;

export function membersController(context: ServerContext, trustedProxies: number, reads: LargeReads) {
  return new Elysia({ prefix: '/members' })
    .use(door(trustedProxies))
    .get(
      '',
      async ({ request, roomId, tokenHash, query, address }) =>
        await reads.run({ tokenHash, address, request }, () =>
          countGuesses(context, { roomId, address, tokenHash }, () =>
            readMembers(context, { roomId, tokenHash, formerIds: query.memberId ?? [] }),
          ),
        ),
      { ...listing },
    )
    .patch(
      '',
      async ({ roomId, tokenHash, body, address }) =>
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          updateMember(context, { ...body, roomId, tokenHash, address }),
        ),
      { ...renaming },
    )
    .delete(
      '',
      async ({ roomId, tokenHash, query, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          removeMember(context, { roomId, tokenHash, memberId: query.memberId }),
        );
        return new Response(null, { status: 204 });
      },
      { ...removing },
    );
}
