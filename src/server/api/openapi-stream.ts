import 'server-only';
import * as z from 'zod/mini';
import { type EventName, roomEvents } from '@/domain/events';
import { cursorSchema } from '@/domain/message';
import { roomIdSchema, timestampSchema } from '@/domain/room';
import { isPublishedOnly } from '@/domain/stored-events';
import { jsonSchemaOf } from './json-schema';

const EVENTS = {
  'chat.message': 'A message. The event’s `id` is its cursor.',
  'chat.destroy': 'The room is gone, and the stream ends.',
  'message.removed': '`by` took a message of `memberId` back: its author, or the owner.',
  'room.updated':
    'What has changed of the room: its lock, its owner, who may come in … A `language` of null was taken away. With `extension`, ten minutes more were proposed or agreed to; null when that ' +
    'has ended, and with `expiresAt` when they were granted. A proposal lapses at its `until` without an event.',
  'room.rekeyed':
    'The owner, `by`, replaced the secret: a wrap for each member who stays. The `member.left` of a member removed with it comes before.',
  'room.waited': 'Somebody found the room full. Only the owner hears it.',
  'member.joined': 'A new seat, at the end of the list.',
  'member.updated': 'A member has another name, which in sealed rooms stands in another `card`.',
  'member.left':
    'A seat was given up or taken, and the streams of its member end. With `moved` they go on: the seat is that of `to`, whose ' +
    '`member.joined` follows, and `room.updated` if it is the owner’s.',
  'member.knocked': 'Somebody at the door asks to be let in. Only the owner hears it.',
  'member.whispered': '`from` said something to `to` alone, who alone hears it.',
  'member.signals':
    '`typing` names members who began to write or go on, which counts for 12 seconds or until their next message; `seen` says how far members have read.',
  'presence.changed': 'Everybody who is here.',
  'presence.moved': 'Members who came and went since the last such event, in a large room.',
} as const satisfies Record<EventName, string>;

const WORDS = {
  connected: 'The first of all. Every event after `cursor` follows.',
  ping: 'Every 25 seconds: the connection is alive.',
  reconnect: 'The stream ends and the room does not: connect again after the last event.',
  error:
    'The stream ends, since too much has happened to be repeated: read the room again, and connect without a place.',
};

const eventOf = (event: string, data: z.ZodMiniType, description: string) => ({
  ...jsonSchemaOf(z.object({ id: cursorSchema, event: z.literal(event), channel: roomIdSchema, data })),
  description,
});

const wordOf = (type: keyof typeof WORDS, rest: z.core.$ZodShape) => ({
  ...jsonSchemaOf(z.object({ type: z.literal(type), ...rest })),
  description: WORDS[type],
});

const descriptions = new Map<string, string>(Object.entries(EVENTS));
const events = Object.entries(roomEvents).flatMap(([group, kinds]) =>
  Object.entries<z.ZodMiniType>(kinds).map(([kind, data]) => {
    const name = `${group}.${kind}`;
    return eventOf(name, data, descriptions.get(name) ?? '');
  }),
);

const notStored = new Intl.ListFormat('en').format(
  [...descriptions.keys()].filter(isPublishedOnly).map((name) => `\`${name}\``),
);

/** The event stream, which is not one of Elysia's routes. */
export const REALTIME = {
  operationId: 'getApiRealtime',
  summary: 'Listen to a room',
  description:
    'The events of the room for one member, in the order of its stream and in the wire format of Upstash Realtime: server-sent ' +
    'events, each with one `data` line of JSON. An event of the room has an `id`, which is its cursor; ' +
    `${notStored} are not stored and repeat the id before. ` +
    'Anything else has a `type` and concerns the stream. Ignore an `event` or `type` that you do ' +
    'not know. `last_ack_<channel>` is the id of the last event seen, `<ms>` or `<ms>-<seq>`; without it the stream begins now. To miss nothing, ' +
    'connect first, then read the room, and then apply the events.',
  parameters: [
    {
      name: 'channel',
      in: 'query' as const,
      required: true,
      description: 'The room’s id.',
      schema: { type: 'string' as const, pattern: '^[A-Za-z0-9]{22}$' },
    },
    {
      name: 'last_ack_{channel}',
      in: 'query' as const,
      required: false,
      description: 'The name ends in the room’s id.',
      schema: { type: 'string' as const, pattern: '^\\d{1,20}(-\\d{1,20})?$' },
    },
  ],
  responses: {
    200: {
      description: 'The stream. The schema is that of each event’s data.',
      content: {
        'text/event-stream': {
          schema: {
            type: 'string' as const,
            contentMediaType: 'application/json',
            contentSchema: {
              anyOf: [
                wordOf('connected', { channel: roomIdSchema, cursor: cursorSchema }),
                wordOf('ping', { timestamp: timestampSchema }),
                wordOf('reconnect', { timestamp: timestampSchema }),
                wordOf('error', { error: z.literal('read_afresh') }),
                ...events,
              ],
            },
          },
        },
      },
    },
    401: { description: 'Not a member.' },
    422: { description: 'A malformed position.' },
  },
};
