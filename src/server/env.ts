import 'server-only';
import * as z from 'zod';
import { FILE_BYTES_DEFAULT, ROOM_FILES_BYTES_DEFAULT } from '@/domain/limits';
import type { FileLimits } from '@/domain/room';

/** Which Redis holds the rooms. */
export type StorageSettings =
  | { readonly kind: 'upstash'; readonly url: string; readonly token: string }
  | { readonly kind: 'redis'; readonly url: string }
  /** Bytes of this process's memory that rooms may take; only tests leave it out, for no ceiling. */
  | { readonly kind: 'embedded'; readonly maxBytes?: number };

export interface Env {
  readonly port: number;
  readonly hostname: string;
  readonly storage: StorageSettings;
  /** `false` lifts the 429s; the room's own cap stays. */
  readonly rateLimits: boolean;
  /** How many reverse proxies stand in front: forwarded headers count only from 1 up. */
  readonly trustedProxies: number;
  readonly onVercel: boolean;
  /** What a room takes of files; null where files are off. */
  readonly files: FileLimits | null;
  readonly site: SiteSettings;
  /** Reads reports and ends reported rooms; null where nobody does. */
  readonly operatorToken: string | null;
}

/** What the pages of the site show of its operator. */
export interface SiteSettings {
  /** Whether rooms may be listed on the front page, and people and rooms are counted. */
  readonly publicRooms: boolean;
  /** An https or mailto link each; null where none is set. */
  readonly contact: string | null;
  readonly rules: string | null;
}

/** The faults of the settings, one sentence each; no sentence repeats a secret. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The settings are wrong:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

const PORT_DEFAULT = 3_000;
const HOSTNAME_DEFAULT = '0.0.0.0';

const MB = 1_048_576;
/** A hundred thousand silent rooms, or eight full ones; half of the heap that Node takes on a machine with 1 GB. */
const STORAGE_MAX_MB_DEFAULT = 256;
/** 64 GB is more than the heap of any such process: a larger number was meant in another unit. */
const STORAGE_MAX_MB_MAX = 65_536;

/** A larger file would take hundreds of pieces, each of them a command. */
const FILE_MAX_MB_MAX = 100;
/** The pieces of a room lie in one key of Redis. */
const ROOM_FILES_MAX_MB_MAX = 1_024;

const wholeNumber = (min: number, max: number, wanted: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: (issue) => `is ${JSON.stringify(issue.input)}: it is ${wanted}`, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, {
      error: (issue) => `is ${String(issue.input)}: it is ${wanted}`,
    });

/** The text of a URL that may hold a password: no fault repeats it. */
const secretUrl = (protocols: readonly string[], fault: (url: URL) => string | null) =>
  z.string().superRefine((text, context) => {
    const wanted = protocols.map((protocol) => `${protocol}//`).join(' or ');
    if (!protocols.some((protocol) => text.startsWith(`${protocol}//`))) {
      context.addIssue(`does not start with ${wanted}`);
    } else if (/\s/.test(text) || !URL.canParse(text)) {
      context.addIssue('is not a URL that can be read');
    } else {
      const url = new URL(text);
      const found = url.hostname === '' ? 'names no host' : fault(url);
      if (found !== null) context.addIssue(found);
    }
  });

const onOrOff = z
  .enum(['on', 'off'], { error: (issue) => `is ${JSON.stringify(issue.input)}: it is on or off` })
  .optional();

/** A link that everybody on the front page may follow. */
const publicLink = z
  .string()
  .refine((text) => /^(?:https:\/\/|mailto:)[^\s]+$/.test(text) && URL.canParse(text), {
    error: 'is not a link that begins with https:// or mailto:',
  })
  .optional();

/** Shorter ones can be guessed. */
const OPERATOR_TOKEN_CHARACTERS_MIN = 20;

const variablesSchema = z.object({
  PORT: wholeNumber(0, 65_535, 'a whole number from 0 to 65535').optional(),
  HOSTNAME: z.string().regex(/^\S+$/, 'holds a blank').optional(),
  UPSTASH_REDIS_REST_URL: secretUrl(['https:', 'http:'], (url) =>
    url.username !== '' || url.search !== '' || url.hash !== ''
      ? 'is more than an address: it holds no user, no "?" and no "#" (the token has a variable of its own)'
      : null,
  ).optional(),
  // It is sent in a header, which takes no other characters.
  UPSTASH_REDIS_REST_TOKEN: z
    .string()
    .regex(/^[!-~]+$/, 'holds a blank or another character that no token has')
    .optional(),
  REDIS_URL: secretUrl(['redis:', 'rediss:'], (url) => {
    if (!isDecodable(url.username) || !isDecodable(url.password))
      return 'holds a user or password that is not percent-encoded';
    return /^\/?\d*$/.test(url.pathname) ? null : 'ends with something other than the number of a database';
  }).optional(),
  RATE_LIMITS: onOrOff,
  PUBLIC_ROOMS: onOrOff,
  OPERATOR_TOKEN: z
    .string()
    .regex(/^[!-~]+$/, { error: 'holds a blank or another character that cannot be sent in a header', abort: true })
    .min(OPERATOR_TOKEN_CHARACTERS_MIN, `is shorter than ${OPERATOR_TOKEN_CHARACTERS_MIN} characters`)
    .optional(),
  OPERATOR_CONTACT: publicLink,
  OPERATOR_RULES: publicLink,
  TRUSTED_PROXIES: wholeNumber(0, 1_000, 'a whole number, 0 or more').optional(),
  STORAGE_MAX_MB: wholeNumber(1, STORAGE_MAX_MB_MAX, 'a whole number of megabytes from 1 to 65536').optional(),
  FILE_MAX_MB: wholeNumber(0, FILE_MAX_MB_MAX, 'a whole number of megabytes from 0 to 100').optional(),
  ROOM_FILES_MAX_MB: wholeNumber(0, ROOM_FILES_MAX_MB_MAX, 'a whole number of megabytes from 0 to 1024').optional(),
  VERCEL: z.string().optional(),
});

type Source = Readonly<Record<string, string | undefined>>;

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns the storage that the settings name, and the settings that contradict it. Only looks at whether they are set. */
function chooseStorage(set: Source, onVercel: boolean): { storage: StorageSettings; faults: string[] } {
  const faults: string[] = [];
  const { UPSTASH_REDIS_REST_URL: restUrl, UPSTASH_REDIS_REST_TOKEN: token, REDIS_URL: url } = set;
  if (restUrl !== undefined && token === undefined) {
    faults.push('UPSTASH_REDIS_REST_TOKEN is not set, and UPSTASH_REDIS_REST_URL is: set both or neither');
  }
  if (restUrl === undefined && token !== undefined) {
    faults.push('UPSTASH_REDIS_REST_URL is not set, and UPSTASH_REDIS_REST_TOKEN is: set both or neither');
  }
  if (url !== undefined && (restUrl !== undefined || token !== undefined)) {
    faults.push(
      'REDIS_URL is set together with UPSTASH_REDIS_REST_URL or UPSTASH_REDIS_REST_TOKEN: ' +
        'drop REDIS_URL to use Upstash, or drop the other two to use REDIS_URL',
    );
  }
  if (restUrl !== undefined && token !== undefined)
    return { storage: { kind: 'upstash', url: restUrl, token }, faults };
  if (url !== undefined) return { storage: { kind: 'redis', url }, faults };
  if (onVercel && faults.length === 0) {
    // Every instance there would have rooms of its own, and a link would work only now and then.
    faults.push(
      'UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN are not set: on Vercel rooms cannot live in one process',
    );
  }
  return { storage: { kind: 'embedded' }, faults };
}

/** What a room takes of files. A room that takes less in all than in one file is a mistake of whoever set it. */
function chooseFiles(
  fileMb: number | undefined,
  roomMb: number | undefined,
): { files: FileLimits | null; faults: string[] } {
  const maxBytes = fileMb === undefined ? FILE_BYTES_DEFAULT : fileMb * MB;
  const roomBytes = roomMb === undefined ? ROOM_FILES_BYTES_DEFAULT : roomMb * MB;
  if (maxBytes === 0 || roomBytes === 0) return { files: null, faults: [] };
  if (maxBytes <= roomBytes) return { files: { maxBytes, roomBytes }, faults: [] };
  const fault = `FILE_MAX_MB is ${maxBytes / MB}, and ROOM_FILES_MAX_MB is ${roomBytes / MB}: one file may not be larger than all of a room`;
  return { files: null, faults: [fault] };
}

/**
 * The settings as the program uses them. An empty variable counts as unset.
 *
 * @throws EnvError with every fault at once, so that a deployment is mended in one go.
 */
export function readEnv(source: Source): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = variablesSchema.safeParse(set);
  const onVercel = set.VERCEL === '1';
  const { storage, faults } = chooseStorage(set, onVercel);
  if (!parsed.success) {
    faults.unshift(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const { files, faults: fileFaults } = chooseFiles(parsed.data?.FILE_MAX_MB, parsed.data?.ROOM_FILES_MAX_MB);
  faults.push(...fileFaults);
  if (!parsed.success || faults.length > 0) throw new EnvError(faults);
  return {
    port: parsed.data.PORT ?? PORT_DEFAULT,
    hostname: parsed.data.HOSTNAME ?? HOSTNAME_DEFAULT,
    // Other storages have their own ceiling. One file of settings often serves several ways to run, so this is not a fault.
    storage:
      storage.kind === 'embedded'
        ? { ...storage, maxBytes: (parsed.data.STORAGE_MAX_MB ?? STORAGE_MAX_MB_DEFAULT) * MB }
        : storage,
    rateLimits: parsed.data.RATE_LIMITS !== 'off',
    // On Vercel every request passes exactly one proxy, theirs.
    trustedProxies: parsed.data.TRUSTED_PROXIES ?? (onVercel ? 1 : 0),
    onVercel,
    files,
    site: {
      // Whoever keeps rooms in a Redis serves more people than they may want to answer for.
      publicRooms: (parsed.data.PUBLIC_ROOMS ?? (storage.kind === 'embedded' ? 'on' : 'off')) === 'on',
      contact: parsed.data.OPERATOR_CONTACT ?? null,
      rules: parsed.data.OPERATOR_RULES ?? null,
    },
    operatorToken: parsed.data.OPERATOR_TOKEN ?? null,
  };
}

let current: Env | undefined;

/**
 * The settings of this process, read once.
 *
 * @throws EnvError as `readEnv` does.
 */
export function env(): Env {
  current ??= readEnv(process.env);
  return current;
}
