/** The parts that show typing and reading: nobody needs them to read and write, so they are fetched once the page stands. */
export { SeenBy } from './seen-by';
export { SignalSwitch } from './signal-switch';
export { TypingNames } from './typing-names';
