import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { memberSchema, updateMemberSchema } from '@/domain/member';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { readMembers } from '@/server/services/read-members';
import { removeMember } from '@/server/services/remove-member';
import { updateMember } from '@/server/services/update-member';
import { door } from './door';
import { problemSchema } from './errors';
import type { LargeReads } from './large-reads';

const listing = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  response: {
    200: z.object({ members: z.array(memberSchema) }),
    401: problemSchema,
    404: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: { summary: 'List the seats', description: 'In the order in which they were taken.' },
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
  detail: { summary: 'Change one’s own name', description: 'Sealed in sealed rooms.' },
} as const;

const removing = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema, memberId: memberIdSchema }),
  detail: {
    summary: 'Remove a member',
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
      async ({ request, roomId, tokenHash, address }) => ({
        members: await reads.run({ tokenHash, address, request }, () =>
          countGuesses(context, { roomId, address, tokenHash }, () => readMembers(context, { roomId, tokenHash })),
        ),
      }),
      { ...listing },
    )
    .patch(
      '',
      async ({ roomId, tokenHash, body, address }) =>
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          updateMember(context, { roomId, tokenHash, address, name: body.name ?? body.card ?? '' }),
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
