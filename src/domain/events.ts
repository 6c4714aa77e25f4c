import * as z from 'zod/mini';
import { cursorSchema, messageIdSchema, messageSchema } from './message';
import { entrySchema, extensionSchema, memberIdSchema, timestampSchema } from './room';
import { sealedCardSchema, epochSchema, keyCheckSchema, sealedPreviousSchema, wrapSchema } from './sealed';

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
    /** The fields that have changed, and nothing else. */
    updated: z.object({
      locked: z.optional(z.boolean()),
      ownerId: z.optional(memberIdSchema),
      entry: z.optional(entrySchema),
      listed: z.optional(z.boolean()),
      topic: z.optional(z.string()),
      /** Null: it has none any more. */
      language: z.optional(z.nullable(z.string())),
      slowModeSeconds: z.optional(z.number()),
      /** The end has moved: ten minutes more were granted. */
      expiresAt: z.optional(timestampSchema),
      /** A proposal as it stands now; null when it ended, whether granted, refused or lapsed. */
      extension: z.optional(z.nullable(extensionSchema)),
    }),
    /** The owner, `by`, replaced the room's secret: a wrap for each member who stays. */
    rekeyed: z.object({
      epoch: epochSchema,
      by: memberIdSchema,
      keyCheck: keyCheckSchema,
      previous: sealedPreviousSchema,
      wraps: z.record(z.string(), wrapSchema),
    }),
    /** Somebody found the room full; only its owner hears it. */
    waited: z.object({}),
  },
  member: {
    joined: z.object({ memberId: memberIdSchema, joinedAt: timestampSchema, card: z.optional(sealedCardSchema) }),
    /** A new name, which in sealed rooms stands in a new card. */
    updated: z.object({
      memberId: memberIdSchema,
      name: z.optional(z.string()),
      card: z.optional(sealedCardSchema),
    }),
    /** `to`: the id under which a member with new keys has the seat since, where it was moved. */
    left: z.object({
      memberId: memberIdSchema,
      reason: z.enum(['left', 'removed', 'displaced', 'moved']),
      to: z.optional(memberIdSchema),
    }),
    /** Somebody at the door asks to be let in; only the owner hears it. */
    knocked: z.object({
      knockId: z.string(),
      memberId: z.optional(memberIdSchema),
      name: z.optional(z.string()),
      card: z.optional(sealedCardSchema),
    }),
    /** Said to one member alone; only `to` hears it. In sealed rooms it is sealed between the two. */
    whispered: z.object({ from: memberIdSchema, to: memberIdSchema, text: z.string() }),
    /** Members who began to write or go on, and how far members have read. */
    signals: z.object({
      typing: z.optional(z.array(memberIdSchema)),
      seen: z.optional(z.record(memberIdSchema, cursorSchema)),
    }),
  },
  presence: {
    changed: z.object({ here: z.array(memberIdSchema) }),
    /** In a large room: only who came and who went since the event before. */
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

/** Any event of a room, discriminated by its name. */
export type RoomEvent = { [Name in EventName]: { event: Name; data: EventData<Name> } }[EventName];

const schemas = new Map<string, z.ZodMiniType>();
for (const [group, kinds] of Object.entries(roomEvents)) {
  for (const [kind, schema] of Object.entries<z.ZodMiniType>(kinds)) schemas.set(`${group}.${kind}`, schema);
}

/** Parses an event from the wire; null when it is not one of ours. */
export function parseRoomEvent(event: string, data: unknown): RoomEvent | null {
  const parsed = schemas.get(event)?.safeParse(data);
  // The schema found under a name is the one that EventData infers for it.
  return parsed?.success ? ({ event, data: parsed.data } as RoomEvent) : null;
}
