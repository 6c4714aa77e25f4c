import * as z from 'zod/mini';
import { textFault, type TextFault } from './text-rules';

/** The faults of a text, as the API words them. */
const FAULTS = {
  'not-well-formed': () => 'is not well-formed Unicode',
  blank: () => 'is blank',
  'too-long': (charactersMax: number) => `is longer than ${charactersMax} characters`,
  forbidden: () => 'holds a character that a name may not',
} satisfies Record<TextFault, (charactersMax: number) => string>;

/** Why a text may not be sent unsealed, or null. */
export function plainTextFault(text: string, charactersMax: number): string | null {
  const fault = textFault(text, charactersMax);
  return fault === null ? null : FAULTS[fault](charactersMax);
}

/** A string in which `faultOf` finds no fault. */
export const plainText = (charactersMax: number, faultOf: (text: string, charactersMax: number) => TextFault | null) =>
  z.string().check(
    z.superRefine((text, context) => {
      const fault = faultOf(text, charactersMax);
      if (fault !== null) context.addIssue({ code: 'custom', message: FAULTS[fault](charactersMax), input: text });
    }),
  );
