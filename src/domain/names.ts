/** Friendly and short: with an animal they make a name that nobody minds. */
const ADJECTIVES = (
  'Amber Brave Bright Calm Clever Cosy Curious Daring Eager Early Gentle Glad Golden Happy Humble Jolly Keen Kind Lively Lucky ' +
  'Mellow Merry Misty Nimble Noble Patient Plucky Polite Proud Quick Quiet Rosy Shy Silver Snug Steady Sunny Swift Warm Witty'
).split(' ');

const ANIMALS = (
  'Badger Beaver Bee Bison Crane Cricket Deer Dolphin Dove Duck Falcon Finch Fox Gecko Hare Hedgehog Heron Ibis Koala Lark Lemur ' +
  'Lynx Magpie Marten Mole Moth Newt Otter Owl Panda Puffin Quail Raven Robin Seal Sparrow Squirrel Swan Turtle Wren'
).split(' ');

/**
 * A name to offer at the door, two words such as "Quiet Otter". `random` gives numbers from 0 up to but
 * not including 1, as `Math.random` does; a name is a label, not a secret.
 */
export function suggestName(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  return `${pick(ADJECTIVES)} ${pick(ANIMALS)}`;
}
