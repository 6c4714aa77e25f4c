import { describe, expect, it } from 'vitest';
import { sealCard, type Card } from '@/crypto/card';
import { findEarlierEpochs, type MadeEpoch } from '@/crypto/earlier-epochs';
import { followEpoch, mayMakeEpoch, type KnownEpoch, type ReportedEpoch } from '@/crypto/epoch-change';
import { makeSecret } from '@/crypto/fragment';
import { makeEpoch, type EpochChange } from '@/crypto/new-epoch';
import { deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import { dummyWrap, unwrapSecret } from '@/crypto/wraps';
import { REKEY_MEMBERS_MAX, EPOCH_REMOVED_MAX, PREVIOUS_CHARACTERS_MAX } from '@/domain/limits';
import { roomIdSchema, type MemberId } from '@/domain/room';
import { wrapSchema } from '@/domain/sealed';
import { joinAs, type RoomMember } from '@tests/support/room-members';

const roomId = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const first = await deriveRoomKeys(makeSecret(), 0);
const [ann, bo, cy] = [await joinAs(first, 'Ann'), await joinAs(first, 'Bo'), await joinAs(first, 'Cy')];

const seatOf = ({ memberId, card }: RoomMember) => ({ memberId, agree: card.keys.agree });
const standing = ({ identity }: RoomMember, keys: RoomKeys = first) => ({ roomId, identity, keys });
const reportedTo = ({ memberId }: RoomMember, { request }: EpochChange): ReportedEpoch => ({
  ...request,
  wrap: request.wraps[memberId],
});
const change = await makeEpoch(standing(ann), [seatOf(bo)], [cy.memberId]);

describe('a new epoch', () => {
  it('has another secret, and is followed by everybody who remains, its maker too', async () => {
    expect(change.keys.secret).not.toBe(first.secret);
    for (const member of [ann, bo]) {
      const followed = await followEpoch(standing(member), ann.card, reportedTo(member, change));
      if (followed.kind !== 'followed') throw new Error(followed.reason);
      expect(followed.known).toMatchObject({
        keys: { epoch: 1, secret: change.keys.secret, keyCheck: change.request.keyCheck },
        members: [ann.memberId, bo.memberId],
        removed: [cy.memberId],
      });
    }
  });

  it('is not for anybody removed: they have no wrap, and no other wrap opens for them', async () => {
    expect(Object.keys(change.request.wraps).sort()).toEqual([ann.memberId, bo.memberId].sort());
    for (const wrap of Object.values(change.request.wraps)) {
      const stolen = { ...change.request, wrap };
      expect(await followEpoch(standing(cy), ann.card, stolen)).toEqual({ kind: 'refused', reason: 'no-wrap' });
      for (const to of [ann, bo, cy]) {
        const place = { roomId, epoch: 1, from: ann.memberId, to: to.memberId };
        expect(await unwrapSecret(place, cy.identity.agree.privateKey, ann.card.keys.agree, wrap)).toBeNull();
      }
    }
  });

  it('is not made when somebody removed would get the secret', async () => {
    const others = [seatOf(bo), seatOf(cy)];
    await expect(makeEpoch(standing(ann), others, [cy.memberId])).rejects.toThrow(TypeError);
  });

  it('gives a seat that is not accepted a wrap that opens for nobody and does not list it', async () => {
    const doubtful = await makeEpoch(standing(ann), [seatOf(bo), { memberId: cy.memberId, agree: null }], []);
    expect(Object.keys(doubtful.request.wraps)).toHaveLength(3);
    expect(await followEpoch(standing(cy), ann.card, reportedTo(cy, doubtful))).toEqual({
      kind: 'refused',
      reason: 'no-wrap',
    });
    const followed = await followEpoch(standing(bo), ann.card, reportedTo(bo, doubtful));
    expect(followed).toMatchObject({ known: { members: [ann.memberId, bo.memberId], removed: [] } });
  });

  it('fits its event with a hundred members and fifty removed, and takes no more members', async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `Member0000000${String(index).padStart(3, '0')}` as MemberId);
    const others = ids.slice(0, REKEY_MEMBERS_MAX).map((memberId) => ({ memberId, agree: bo.card.keys.agree }));
    const removed = [...ids.slice(100), ...ids.slice(100, 103).map((id) => id.replace('M', 'N') as MemberId)];
    const large = await makeEpoch(standing(ann, { ...first, epoch: 99 }), others.slice(1), removed);
    expect(large.request.previous).toHaveLength(5_507);
    expect(large.request.previous.length).toBeLessThanOrEqual(PREVIOUS_CHARACTERS_MAX);
    expect(Object.keys(large.request.wraps)).toHaveLength(REKEY_MEMBERS_MAX);
    const reported = reportedTo({ ...bo, memberId: ids[1] ?? bo.memberId }, large);
    const page = { ...bo, identity: { ...bo.identity, memberId: ids[1] ?? bo.memberId } };
    const followed = await followEpoch(standing(page, { ...first, epoch: 99 }), ann.card, reported);
    if (followed.kind !== 'followed') throw new Error(followed.reason);
    expect(followed.known.members).toHaveLength(REKEY_MEMBERS_MAX);
    expect(followed.known.removed).toEqual(removed.slice(-EPOCH_REMOVED_MAX));
    await expect(makeEpoch(standing(ann), others, [])).rejects.toThrow(RangeError);
  });
});

describe('a page does not take a new key', () => {
  const refusal = async (page: RoomMember, by: Card, reported: ReportedEpoch, keys = first) => {
    const followed = await followEpoch(standing(page, keys), by, reported);
    return followed.kind === 'refused' ? followed.reason : followed.kind;
  };

  it('of an epoch that is not its own and one', async () => {
    const reported = reportedTo(bo, change);
    for (const epoch of [-1, 0, 2, 3]) expect(await refusal(bo, ann.card, { ...reported, epoch })).toBe('not-next');
    expect(await refusal(bo, ann.card, reported, change.keys)).toBe('not-next');
  });

  it.each([undefined, '', 'AAAA', dummyWrap(), `${dummyWrap()}=`])('from the wrap %j', async (wrap) => {
    expect(await refusal(bo, ann.card, { ...reportedTo(bo, change), wrap })).toBe('no-wrap');
  });

  it('that somebody else wrapped than made the epoch', async () => {
    expect(await refusal(bo, cy.card, reportedTo(bo, change))).toBe('no-wrap');
  });

  it('whose check is not the one that the server names', async () => {
    const reported = { ...reportedTo(bo, change), keyCheck: first.keyCheck };
    expect(await refusal(bo, ann.card, reported)).toBe('wrong-check');
  });

  it('with the record of another change', async () => {
    const another = await makeEpoch(standing(ann), [seatOf(bo)], []);
    const reported = { ...reportedTo(bo, change), previous: another.request.previous };
    expect(await refusal(bo, ann.card, reported)).toBe('previous-unverified');
  });

  it('of a room that was split before', async () => {
    const split = await makeEpoch(standing(ann, { ...first, secret: makeSecret() }), [seatOf(bo)], []);
    expect(await refusal(bo, ann.card, reportedTo(bo, split))).toBe('another-secret');
  });
});

describe('a wrap', () => {
  it('cannot be told from a dummy by its form', () => {
    const real = Object.values(change.request.wraps);
    const dummies = Array.from({ length: 200 }, dummyWrap);
    expect(new Set([...real, ...dummies].map((wrap) => wrap.length))).toEqual(new Set([81]));
    for (const wrap of [...real, ...dummies]) expect(wrapSchema.safeParse(wrap).success).toBe(true);
    expect(new Set(dummies).size).toBe(200);
  });
});

describe('whoever catches up takes an epoch', () => {
  const cardIn = (memberId: MemberId, epoch: number): Card => ({ ...ann.card, memberId, epoch });
  const known = (epoch: number, members: MemberId[], removed: MemberId[]): KnownEpoch => ({
    keys: { ...first, epoch },
    members,
    removed,
  });
  const after = [known(1, [ann.memberId], [cy.memberId]), known(2, [ann.memberId], [])];

  it.each<[string, Card, number, readonly KnownEpoch[], boolean]>([
    ['of a maker with a card of the epoch before', cardIn(bo.memberId, 2), 3, after, true],
    ['of a maker among the members of the epoch before', cardIn(ann.memberId, 0), 3, after, true],
    ['of no maker of whom neither is known', cardIn(bo.memberId, 1), 3, after, false],
    ['of nobody who was only a member two epochs ago', cardIn(ann.memberId, 0), 4, after, false],
    ['of nobody who was removed in any epoch', cardIn(cy.memberId, 2), 3, after, false],
    ['that is the first, of a maker with a card of the room’s first secret', cardIn(bo.memberId, 0), 1, [], true],
  ])('%s', (_what, by, epoch, epochs, may) => expect(mayMakeEpoch(by, epoch, epochs)).toBe(may));
});

describe('a latecomer', () => {
  /** Four epochs: Ann makes three, then Bo one. Their cards are as old as the room, or of the epoch before. */
  async function makeRoom(cards: 'old' | 'new') {
    const keys = [first];
    const made: MadeEpoch[] = [];
    for (const maker of [ann, ann, ann, bo]) {
      const other = maker === ann ? bo : ann;
      const before = keys.at(-1) ?? first;
      const next = await makeEpoch(standing(maker, before), [seatOf(other)], made.length === 0 ? [cy.memberId] : []);
      const { epoch, previous } = next.request;
      const card = cards === 'old' ? maker.sealedCard : await sealCard(before, maker.identity, 'Renamed');
      made.push({ epoch, by: maker.memberId, card, previous });
      keys.push(next.keys);
    }
    const newest = keys.at(-1) ?? first;
    return { keys, made, newest, replaced: keys.slice(0, -1).map(({ keyCheck }) => keyCheck) };
  }
  const epochsOf = (found: readonly KnownEpoch[]) => found.map(({ keys }) => keys.epoch);

  it.each(['old', 'new'] as const)('reads from the room’s beginning by %s cards', async (cards) => {
    const { keys, made, newest, replaced } = await makeRoom(cards);
    const found = await findEarlierEpochs(roomId, newest, made, replaced);
    expect(epochsOf(found)).toEqual([4, 3, 2, 1, 0]);
    expect(found.map((one) => one.keys.secret)).toEqual(keys.map(({ secret }) => secret).reverse());
    expect(found.map(({ removed }) => removed)).toEqual([[], [], [], [cy.memberId], []]);
  });

  it('needs no more than the link when there is one epoch', async () => {
    expect(epochsOf(await findEarlierEpochs(roomId, first, [], []))).toEqual([0]);
  });

  it.each<[string, number[], (made: MadeEpoch[], others: MadeEpoch[]) => void]>([
    ['an epoch is missing', [4, 3, 2], (made) => made.splice(1, 1)],
    ['the card is that of another member', [4, 3, 2], (made) => replace(made, 1, { card: bo.sealedCard })],
    [
      'the maker is said to be another member',
      [4, 3, 2],
      (made) => replace(made, 1, { by: bo.memberId, card: bo.sealedCard }),
    ],
    ['the record is that of another room’s epoch', [4, 3, 2], (made, others) => replace(made, 1, others[1] ?? {})],
    ['the card does not open', [4, 3, 2], (made) => replace(made, 1, { card: 'v2.0.AAAA' })],
  ])('reads down to where %s', async (_what, reached, spoil) => {
    const { made, newest, replaced } = await makeRoom('new');
    spoil(made, (await makeRoom('new')).made);
    expect(epochsOf(await findEarlierEpochs(roomId, newest, made, replaced))).toEqual(reached);
  });

  it('does not take a secret whose check the room never had', async () => {
    const { made, newest, replaced } = await makeRoom('new');
    expect(epochsOf(await findEarlierEpochs(roomId, newest, made, replaced.with(1, first.keyCheck)))).toEqual([
      4, 3, 2,
    ]);
  });

  it('believes nothing of an epoch whose maker’s card lies below where the way ends', async () => {
    const { made, newest, replaced } = await makeRoom('old');
    made.splice(1, 1);
    const found = await findEarlierEpochs(roomId, newest, made, replaced);
    expect(found).toMatchObject([{ keys: { epoch: 4 }, members: [], removed: [] }]);
  });
});

function replace(made: MadeEpoch[], index: number, change: Partial<MadeEpoch>) {
  made.splice(index, 1, ...made.slice(index, index + 1).map((one) => ({ ...one, ...change })));
}
