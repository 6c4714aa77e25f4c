import * as z from 'zod/mini';
import { messageIdSchema, messageSchema } from './message';
import { memberIdSchema, timestampSchema } from './room';

/**
 * Every event of a room's stream, in the shape that Upstash Realtime takes as its `schema`:
 * `chat.message` is `roomEvents.chat.message`. Server and browser share it; types are inferred.
 */
export const roomEvents = {
  chat: {
    message: messageSchema,
    destroy: z.object({ isDestroyed: z.literal(true), reason: z.enum(['destroyed', 'expired']) }),
  },
  message: {
    /** Taken back: by its author, `memberId`, or by the room's owner. */
    removed: z.object({ id: messageIdSchema, memberId: memberIdSchema, by: memberIdSchema }),
  },
  room: {
    updated: z.object({ locked: z.optional(z.boolean()), ownerId: z.optional(memberIdSchema) }),
    /** Somebody found the room full; only its owner hears it. */
    waited: z.object({}),
  },
  member: {
    joined: z.object({ memberId: memberIdSchema, joinedAt: timestampSchema }),
    updated: z.object({ memberId: memberIdSchema, name: z.string() }),
    left: z.object({ memberId: memberIdSchema, reason: z.enum(['left', 'removed', 'displaced']) }),
  },
  presence: {
    changed: z.object({ here: z.array(memberIdSchema) }),
    /** Where many are here: only who came and who went since the last word on it. */
    moved: z.object({ came: z.optional(z.array(memberIdSchema)), went: z.optional(z.array(memberIdSchema)) }),
  },
};

type Events = typeof roomEvents;

/** `chat.message`, `member.joined`, …: the `event` of the wire. */
export type EventName = {
  [Group in keyof Events]: `${Group}.${keyof Events[Group] & string}`;
}[keyof Events];

export type EventData<Name extends EventName> = Name extends `${infer Group extends keyof Events}.${infer Kind}`
  ? Kind extends keyof Events[Group]
    ? z.infer<Events[Group][Kind]>
    : never
  : never;

/** Any event of a room, told apart by its name. */
export type RoomEvent = { [Name in EventName]: { event: Name; data: EventData<Name> } }[EventName];

const schemas = new Map<string, z.ZodMiniType>();
for (const [group, kinds] of Object.entries(roomEvents)) {
  for (const [kind, schema] of Object.entries<z.ZodMiniType>(kinds)) schemas.set(`${group}.${kind}`, schema);
}

/** What came over the wire as a typed event, or null when it is none of ours. */
export function parseRoomEvent(event: string, data: unknown): RoomEvent | null {
  const parsed = schemas.get(event)?.safeParse(data);
  // The schema found under a name is the one that EventData infers for it.
  return parsed?.success ? ({ event, data: parsed.data } as RoomEvent) : null;
}
