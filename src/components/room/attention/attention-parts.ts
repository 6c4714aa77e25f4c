/** The parts that make a hidden page noticed, fetched once it stands. */
export { Attention } from './attention';
export { AttentionSwitches } from './attention-switches';
