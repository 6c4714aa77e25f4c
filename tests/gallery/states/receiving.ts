import { fileIdSchema } from '@/domain/file';
import { createStore } from '@/lib/store';
import type { Download, LoadedFile } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';
import { LANDSCAPE } from '../landscape';
import { rowan, you } from '../people';
import { quote, says, talk } from '../talk';
import type { Screen } from '../state';
import { inside } from './inside';

const fileIdOf = (name: string) =>
  fileIdSchema.parse(`${name.replace(/[^A-Za-z0-9]/g, '')}${'0'.repeat(22)}`.slice(0, 22));

/** A file as a message names it. */
function file(name: string, type: string, rest: Partial<SharedFile> = {}): SharedFile {
  const fileId = fileIdOf(name);
  const size = rest.size ?? 2_411_724;
  return { fileId, name, type, size, card: { fileId, name, type, bytes: size, pieces: 1 }, ...rest };
}

const photo = file('harbour.jpg', 'image/jpeg', { preview: { claimed: LANDSCAPE } });
const second = file('market.jpg', 'image/jpeg', { preview: { claimed: LANDSCAPE }, size: 982_000 });
const bare = file('old-scan.png', 'image/png');
const report = file('The numbers on page four.pdf', 'application/pdf');
const archive = file('drafts.zip', 'application/zip', { size: 8_912_000 });
const hostile = file(`${'A name that never ends and says nothing '.repeat(4)}finally.exe`, 'application/x-msdownload');
const mirrored = file('تقرير نهائي 2026.docx', 'application/msword', { size: 512 });
const tune = file('tune.mp3', 'audio/mpeg');
const clip = file('clip.webm', 'video/webm', { preview: { claimed: LANDSCAPE }, type: 'video/webm' });
const voice = file('voice.webm', 'audio/webm', {
  size: 96_400,
  voice: { ms: 12_400, wave: 'AFKPUZejotyDIMQUYcgkosw048_951xtplhdZVRNJFBDHLPTXbfjnrvz37-62yuqe'.slice(0, 64) },
});

const ready = (kind: LoadedFile['kind'], name: string, url: string): Download => ({
  state: 'ready',
  kind,
  name,
  url,
  content: new Blob(),
});
/** Large enough to fill a window. */
const WHOLE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="#9cc9d9"/><circle cx="1150" cy="330" r="150" fill="#f6e3b4"/><path d="M0 900 500 500l400 350 300-200 400 300v250H0Z" fill="#3d8f6a"/></svg>')}`;
/** A second of silence. */
const SILENCE = `data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=`;

/** A talk with files in it, some of them as far along as is said here. */
function withFiles(
  messages: readonly (readonly [SharedFile, (Download | undefined)?, string?])[],
  around?: Parameters<typeof inside>[1],
) {
  const downloads = new Map(
    messages.map(([{ fileId }, download = IDLE]) => [fileId, createStore<Download>(download)] as const),
  );
  const lines = messages.map(([shared, , text = ''], index) =>
    says(index % 2 === 0 ? rowan : you, text, { file: shared }),
  );
  const idle = createStore<Download>(IDLE);
  return inside(
    { entries: talk(...lines), files: { downloadOf: ({ fileId }) => downloads.get(fileId) ?? idle } },
    around,
  );
}
const IDLE: Download = { state: 'idle' };
const failed = (reason: Extract<Download, { state: 'failed' }>['reason']): Download => ({ state: 'failed', reason });

export const receiving = {
  pictures: withFiles([
    [photo, IDLE, 'The harbour, *this morning*'],
    [second, ready('picture', second.name, WHOLE)],
  ]),
  'pictures on their way': withFiles([
    [photo, { state: 'loading', loaded: 900_000, isWaiting: false }],
    [second, failed('unreachable')],
  ]),
  'picture without a preview': withFiles([[bare], [photo, failed('altered')]]),
  'no picture after all': withFiles([
    [photo, ready('other', 'harbour.jpg.bin', '#'), 'Look at this!'],
    [tune, ready('other', 'tune.mp3.bin', '#')],
  ]),
  files: withFiles([[report], [archive, { state: 'loading', loaded: 3_400_000, isWaiting: false }, 'All of it']]),
  'files that are there, and not': withFiles([
    [report, ready('other', report.name, '#')],
    [archive, failed('altered')],
    [tune, failed('file_not_found')],
  ]),
  'waiting for the line': withFiles([[archive, { state: 'loading', loaded: 1_000_000, isWaiting: true }]]),
  'hostile names': withFiles([[hostile], [mirrored], [hostile, IDLE, 'What is this?']]),
  'sound and video': withFiles([
    [tune, ready('audio', 'tune.mp3', SILENCE)],
    [clip, IDLE, 'The whole minute'],
  ]),
  voice: withFiles([
    [voice],
    [file('voice2.webm', 'audio/webm', { ...voice, fileId: fileIdOf('voice2') }), failed('altered')],
  ]),
  'voice on its way': withFiles([[voice, { state: 'loading', loaded: 40_000, isWaiting: false }]]),
  'quotes of files': inside({
    entries: talk(
      says(rowan, '', { file: voice }),
      says(you, 'Agreed.', { re: quote(rowan, voice.name, { file: voice }) }),
      says(rowan, 'Which one?', { re: quote(you, photo.name, { file: photo }) }),
      says(you, 'This one.', { re: quote(rowan, report.name, { file: report }) }),
    ),
  }),
  viewer: withFiles([[photo, ready('picture', photo.name, WHOLE), 'The harbour'], [second], [bare]], {
    act: async ({ press, t }) => press(t('files.received.openNamed', { name: '\u2068The harbour\u2069' })),
  }),
  'viewer, on its way': withFiles([[photo, { state: 'loading', loaded: 9_000, isWaiting: false }], [second]], {
    act: async ({ press, t }) => press(t('files.received.openNamed', { name: `\u2068${photo.name}\u2069` })),
  }),
  'viewer, altered': withFiles([[photo, failed('altered')], [second]], {
    act: async ({ press, t }) => press(t('files.received.openNamed', { name: `\u2068${photo.name}\u2069` })),
  }),
} satisfies Screen;
