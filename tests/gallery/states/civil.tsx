import { ReportDialog } from '@/components/room/report/report-dialog';
import { knockIdSchema } from '@/domain/knock';
import type { AtDoor } from '@/session/knocks/door-state';
import type { Hands } from '../hands';
import { ines, ownerRowan, person, rowan, you, youAsGuest } from '../people';
import { roomSession } from '../session';
import type { GalleryState, Screen } from '../state';
import { talk } from '../talk';
import { inside } from './inside';
import { TALK } from './talks';

const entries = talk(...TALK);

const atDoor = (name: string | null, index: number): AtDoor => ({
  knockId: knockIdSchema.parse(`Knock${index}`.padEnd(16, '0')),
  name,
  ...(name !== null && { memberId: person(name, { id: `Knock${index}` }).memberId }),
});

const ADA = [atDoor('Ada', 0)];
const SEVERAL = ['Ada', null, 'Wolfeschlegelsteinhausenbergerdorff the Eighteenth', 'بلال'].map(atDoor);
const knocking = { people: [you, rowan, ines], entries, room: { entry: 'knock' } } as const;
const publicRoom = { sealed: false, listed: true, topic: 'Bees, and what they think of us' };

/** The list of people stands beside the talk where there is room for it, and is opened where there is not. */
async function openPeople({ t, press }: Hands, waiting: number) {
  const people = t('room.peopleLabel', { here: 3, taken: 3, max: 10 });
  if (document.querySelector('aside') === null)
    await press(waiting === 0 ? people : t('room.peopleWaiting', { people, count: waiting }));
}

const report: GalleryState = {
  render: () => (
    <ReportDialog
      session={roomSession({ room: publicRoom, people: [ownerRowan, youAsGuest, ines] })}
      open
      onClose={() => undefined}
    />
  ),
};

export const civil = {
  'one at the door': inside(
    { ...knocking, atDoor: { waiting: ADA } },
    { act: ({ t, see }) => see(t('knocks.atDoor', { name: '\u2068Ada\u2069' })) },
  ),
  'several at the door': inside(
    { ...knocking, atDoor: { waiting: SEVERAL } },
    { act: ({ t, see }) => see(t('knocks.more', { count: 3 })) },
  ),
  'somebody without a verified name': inside(
    { ...knocking, atDoor: { waiting: SEVERAL.slice(1, 2) } },
    { act: ({ t, see }) => see(t('knocks.somebodyAtDoor')) },
  ),
  'being let in': inside(
    { ...knocking, atDoor: { waiting: ADA, answering: new Set(ADA.map(({ knockId }) => knockId)) } },
    { act: ({ t, see }) => see(t('knocks.atDoor', { name: '\u2068Ada\u2069' })) },
  ),
  'gone before the answer': inside(
    { ...knocking, atDoor: { missed: atDoor('Ada', 0) } },
    { act: ({ t, see }) => see(t('knocks.missed', { name: '\u2068Ada\u2069' })) },
  ),
  'list of those at the door': inside(
    { ...knocking, atDoor: { waiting: SEVERAL } },
    {
      act: async (hands) => {
        await openPeople(hands, 4);
        await hands.see(hands.t('knocks.heading'));
      },
    },
  ),
  'somebody ignored': inside({
    people: [you, rowan, ines],
    ignored: [rowan],
    entries: entries.map((entry) =>
      entry.kind === 'message' && entry.memberId === rowan.memberId && entry.cursor !== undefined
        ? {
            kind: 'notice' as const,
            id: entry.key,
            cursor: entry.cursor,
            timestamp: entry.timestamp,
            notice: 'ignored' as const,
            memberId: entry.memberId,
            name: entry.name,
            self: false,
          }
        : entry,
    ),
  }),
  'ignored, in their details': inside(
    { people: [you, rowan, ines], ignored: [rowan], room: { sealed: false } },
    {
      act: async (hands) => {
        await openPeople(hands, 0);
        await hands.pressIn('li', 'R');
        await hands.see(hands.t('people.ignoreHint'));
      },
    },
  ),
  report,
  'report too long': {
    ...report,
    act: async ({ t, fill, see }) => {
      await fill(t('reports.reason'), 'bees '.repeat(200));
      await see(t('reports.tooLong', { max: 500 }));
    },
  },
  'report sent': {
    ...report,
    act: async ({ t, press, see }) => {
      await press(t('reports.send'));
      await see(t('reports.sent'));
    },
  },
} satisfies Screen;
