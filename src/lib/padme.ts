/**
 * The size that a file is padded to: Padmé of Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication
 * with PURBs" (2019). A size keeps as many leading bits as it has bits to say how long it is, and is rounded up: at most 12 percent
 * more, and the result tells sizes apart about as well as a floating point number would.
 */
export function padme(size: number): number {
  if (size < 2) return size;
  const exponent = Math.floor(Math.log2(size));
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return step <= 1 ? size : Math.ceil(size / step) * step;
}
