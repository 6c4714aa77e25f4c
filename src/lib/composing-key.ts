/**
 * Whether a key press belongs to an input method that is still composing (Chinese, Korean, Japanese): its Enter
 * chooses a word. Safari ends the composition before it reports that Enter, and marks it only by the code 229.
 */
export function isComposingKey(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}
