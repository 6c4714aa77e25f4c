import * as z from 'zod/mini';
import { codePointLength, isWellFormed } from '@/lib/code-points';
import { isOneGrapheme } from '@/lib/graphemes';
import { EMOJI_CHARACTERS_MAX } from './limits';
import { isBlank } from './text-rules';

/** Whether a text may be a reaction: one character as people count them, an emoji as a rule, and visible. */
export const isReaction = (text: string): boolean =>
  isWellFormed(text) && !isBlank(text) && codePointLength(text) <= EMOJI_CHARACTERS_MAX && isOneGrapheme(text);

export const reactionSchema = z.string().check(z.refine(isReaction, 'is not one visible character'));
