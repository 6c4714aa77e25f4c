import { describe, expect, it } from 'vitest';
import { memberIdSchema } from '@/domain/room';
import { withHere, withJoined, withLabel, withMoved, withOwner, without, type Person } from '@/session/people/roster';
import { ME, OTHER } from '@tests/unit/session/fake-room';

const THIRD = memberIdSchema.parse('ThirdMember00000');
const person = (memberId = ME, rest: Partial<Person> = {}): Person => ({
  memberId,
  owner: memberId === ME,
  here: false,
  self: memberId === ME,
  joinedAt: 0,
  name: null,
  tint: 0,
  ...rest,
});
const roster = [person(ME), person(OTHER), person(THIRD)];
const here = (people: readonly Person[]) => people.filter((one) => one.here).map(({ memberId }) => memberId);

describe('a change of the roster', () => {
  it('seats a member once, at the end', () => {
    const joined = withJoined([person(ME)], person(OTHER));
    expect(joined.map(({ memberId }) => memberId)).toEqual([ME, OTHER]);
    expect(withJoined(joined, person(OTHER, { joinedAt: 5 }))).toBe(joined);
  });

  it('removes, names and makes owner the member in question, and keeps the others as they are', () => {
    expect(without(roster, OTHER)).toEqual([roster[0], roster[2]]);
    expect(withLabel(roster, OTHER, { name: 'Ann', mark: 2, tint: 7 })[1]).toMatchObject({
      name: 'Ann',
      mark: 2,
      tint: 7,
    });
    const owned = withOwner(roster, OTHER);
    expect(owned.map(({ owner }) => owner)).toEqual([false, true, false]);
    expect(owned[2]).toBe(roster[2]);
  });

  it('says who is here, by a list or by its changes, and stays the same where nothing changes', () => {
    const present = withHere(roster, new Set([ME, OTHER]));
    expect(here(present)).toEqual([ME, OTHER]);
    expect(withHere(present, new Set([OTHER, ME]))).toBe(present);
    const moved = withMoved(present, { came: [THIRD], went: [OTHER] });
    expect(here(moved)).toEqual([ME, THIRD]);
    expect(moved[0]).toBe(present[0]);
    expect(withMoved(moved, {})).toBe(moved);
    // Somebody who went and came back in one turn is here.
    expect(here(withMoved(moved, { came: [OTHER], went: [OTHER] }))).toEqual([ME, OTHER, THIRD]);
  });
});
