import { fileIdSchema } from '@/domain/file';
import { createStore } from '@/lib/store';
import type { Files } from '@/session/files/files';
import type { Chosen, Upload } from '@/session/files/upload';
import type { Hands } from '../hands';
import { LANDSCAPE } from '../landscape';
import { NOW } from '../moment';
import { ines, rowan, you } from '../people';
import type { Circumstances } from '../session';
import type { Screen } from '../state';
import { heard, installStillRecorder, stillMicrophone } from '../still-microphone';
import { talk } from '../talk';
import { inside } from './inside';
import { TALK } from './talks';

const MB = 1_048_576;
const people = [you, rowan, ines];
const entries = talk(...TALK);
const LONG_NAME = `Minutes of the meeting about the new roof, with all that was said of it${' and more'.repeat(9)}.pdf`;

const chosen = (name: string, bytes: number, rest: Partial<Chosen> = {}): Chosen => ({
  name,
  kind: 'other',
  content: new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }),
  metadata: 'none',
  fault: null,
  ...rest,
});
const picture = { kind: 'picture', preview: LANDSCAPE, metadata: 'removed' } as const;

const CHOSEN: readonly Chosen[] = [
  chosen('View from the ridge.jpg', 240_000, picture),
  chosen('IMG_2207.heic', 310_000, { metadata: 'kept' }),
  chosen('Clip.mp4', 900_000, { kind: 'video', metadata: 'kept' }),
  chosen(LONG_NAME, 42_000),
  chosen('Whole holiday.mov', 64, { kind: 'video', metadata: 'kept', fault: 'too-large' }),
  chosen('notes.txt', 0, { fault: 'empty' }),
  chosen('Photos', 0, { fault: 'unreadable' }),
];

const looking = (names: readonly string[]): Partial<Files> => ({
  choose: (_, name) => {
    const found = names.includes(name) ? CHOSEN.find((one) => one.name === name) : undefined;
    return found === undefined ? new Promise(() => undefined) : Promise.resolve(found);
  },
});

/** As a file manager does it. */
function drag(kind: 'dragover' | 'drop', names: readonly string[]) {
  const dataTransfer = new DataTransfer();
  for (const name of names) dataTransfer.items.add(new File(['content'], name));
  window.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}

function sheet(names: readonly string[], circumstances: Circumstances = {}, looked = names) {
  return inside(
    { people, entries, files: looking(looked), ...circumstances },
    {
      act: async ({ t, see }) => {
        drag('drop', names);
        await see(t('files.sending.sheet', { count: names.length }));
      },
    },
  );
}

const upload = (name: string, state: Upload['state'], rest: Partial<Upload> = {}): Upload => ({
  fileId: fileIdSchema.parse(
    name
      .replace(/[^A-Za-z0-9]/g, '')
      .padEnd(22, 'x')
      .slice(0, 22),
  ),
  name,
  type: 'application/pdf',
  size: 5.4 * MB,
  sent: 0,
  state,
  ...rest,
});
const sent = 2.25 * MB;
const onTheirWay = (uploads: readonly Upload[], circumstances: Circumstances = {}) =>
  inside({ people, entries, files: { uploads: createStore(uploads) }, ...circumstances });

const view = { type: 'image/jpeg', preview: LANDSCAPE };
const voice = { ms: 12_400, wave: 'ACHMTZejnqsuvuspmieZTOJFCBADHMRX' };

async function record({ t, press, see }: Hands, until: string, recorder = {}) {
  installStillRecorder(recorder);
  await press(t('files.sending.record'));
  await see(until);
}

/** A voice of a second, which waits to be heard or sent. */
async function recordOne(hands: Hands) {
  await record(hands, hands.t('files.sending.recording'));
  await new Promise((resolve) => setTimeout(resolve, 900));
  await hands.press(hands.t('files.sending.stop'));
  await hands.see('0:01');
}

export const sending = {
  'drop here': inside(
    { people, entries },
    { act: ({ t, see }) => (drag('dragover', ['a']), see(t('files.sending.drop'))) },
  ),
  'one picture': sheet(['View from the ridge.jpg'], { draft: 'That was on Sunday.' }),
  'several, some with faults': sheet(CHOSEN.map(({ name }) => name)),
  'one that cannot be sent': sheet(['notes.txt']),
  'being looked at': sheet(['View from the ridge.jpg', 'Clip.mp4'], {}, ['View from the ridge.jpg']),
  'a caption that is too long': sheet(['Clip.mp4'], { draft: 'far too much '.repeat(90) }),
  sending: onTheirWay([
    upload('View from the ridge.jpg', { kind: 'sending' }, { ...view, sent, text: 'That was on Sunday.' }),
    upload(LONG_NAME, { kind: 'queued' }),
    upload('Voice message.m4a', { kind: 'queued' }, { type: 'audio/mp4', voice, size: 51_200 }),
  ]),
  paused: onTheirWay([upload('View from the ridge.jpg', { kind: 'paused' }, { ...view, sent })]),
  waiting: onTheirWay(
    [
      upload('Line.pdf', { kind: 'waiting', for: 'line' }, { sent }),
      upload('Pace.pdf', { kind: 'waiting', for: 'rate_limited', until: NOW + 7_000 }, { sent }),
      upload('Space.pdf', { kind: 'waiting', for: 'storage_full', until: NOW + 20_000 }, { sent }),
    ],
    { connection: 'reconnecting' },
  ),
  failed: onTheirWay([
    upload('Budget.pdf', { kind: 'failed', reason: 'file_limit_reached' }, { sent }),
    upload('Changed.pdf', { kind: 'failed', reason: 'changed' }),
    upload('Large.pdf', { kind: 'failed', reason: 'file_too_large' }),
    upload('Broken.pdf', { kind: 'failed', reason: 'internal_error' }, { sent }),
  ]),
  lost: onTheirWay([upload('View from the ridge.jpg', { kind: 'lost' }, { ...view, sent })]),
  'lost, another file': inside(
    {
      people,
      entries,
      files: {
        uploads: createStore([upload('View from the ridge.jpg', { kind: 'lost' }, { ...view, sent })]),
        choose: () => Promise.resolve(chosen('View.jpg', 9)),
        provide: () => Promise.resolve(false),
      },
    },
    {
      act: async ({ t, see }) => {
        const input = document.querySelector<HTMLInputElement>('[role="log"] input[type="file"]');
        const transfer = new DataTransfer();
        transfer.items.add(new File(['other'], 'View.jpg'));
        if (input !== null) input.files = transfer.files;
        input?.dispatchEvent(new Event('change', { bubbles: true }));
        await see(t('files.sending.otherFile', { name: '\u2068View from the ridge.jpg\u2069' }));
      },
    },
  ),
  'files off': inside({ people, entries, files: { limits: createStore(null) } }),
  'microphone asked for': inside(
    { people, entries },
    {
      pretend: { mediaDevices: stillMicrophone(() => new Promise(() => undefined)) },
      act: (hands) => record(hands, hands.t('files.sending.asking')),
    },
  ),
  'microphone refused': inside(
    { people, entries },
    {
      pretend: { mediaDevices: stillMicrophone(() => Promise.reject(new DOMException('', 'NotAllowedError'))) },
      act: (hands) => record(hands, hands.t('files.sending.microphone-refused')),
    },
  ),
  recording: inside(
    { people, entries },
    {
      pretend: { mediaDevices: heard },
      act: (hands) => record(hands, hands.t('files.sending.recording')),
    },
  ),
  recorded: inside(
    { people, entries },
    {
      pretend: { mediaDevices: heard },
      act: recordOne,
    },
  ),
  'recorded until it broke off': inside(
    { people, entries },
    {
      pretend: { mediaDevices: heard },
      act: (hands) => record(hands, hands.t('files.sending.brokeOff'), { breaksOff: true }),
    },
  ),
  'recorded, and not sent': inside(
    {
      people,
      entries,
      files: {
        choose: (content, name) => Promise.resolve(chosen(name, content.size)),
        send: () => Promise.resolve(false),
      },
    },
    {
      pretend: { mediaDevices: heard },
      act: async (hands) => {
        await recordOne(hands);
        await hands.press(hands.t('files.sending.sendVoice'));
        await hands.see(hands.t('files.sending.voiceNotSent'));
      },
    },
  ),
} satisfies Screen;
