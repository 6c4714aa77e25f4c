import { describe, expect, it } from 'vitest';
import { createPosition, moveBase, moveTip, resetPosition, resumePoint, takeEvent } from '@/client/position';

function positionAt(cursor: string) {
  const position = createPosition();
  moveBase(position, cursor);
  return position;
}

describe('a position in the stream', () => {
  it('takes each event after the history once, in whatever order they arrive', () => {
    const position = positionAt('5-0');
    const ids = ['4-0', '5-0', '7-0', '6-0', '6-0', '7-0'];
    expect(ids.filter((id) => takeEvent(position, id))).toEqual(['7-0', '6-0']);
    expect(position.tip).toBe('7-0');
  });

  it.each([
    ['a moment before its newest event', '5000-0', '9500-2', '8500-0'],
    ['never before the end of the history', '5000-7', '5100-0', '5000-7'],
    ['at the history while nothing has followed', '5000-7', '5000-7', '5000-7'],
  ])('resumes %s', (_where, cursor, newest, expected) => {
    const position = positionAt(cursor);
    takeEvent(position, newest);
    expect(resumePoint(position)).toBe(expected);
  });

  it('finds once that another tab is ahead', () => {
    const position = positionAt('5-0');
    expect(['4-0', '5-0', '6-0', '6-0'].map((tip) => moveTip(position, tip))).toEqual([false, false, true, false]);
  });

  it('counts all that another tab had passed on as part of the history that is read after it', () => {
    const position = positionAt('5-0');
    moveTip(position, '9-0');
    moveBase(position, '7-0');
    expect([takeEvent(position, '8-0'), takeEvent(position, '10-0')]).toEqual([false, true]);
  });

  it('goes back where the history says, once it was reset', () => {
    const position = positionAt('5-0');
    resetPosition(position);
    moveBase(position, '3-0');
    expect(resumePoint(position)).toBe('3-0');
  });
});
