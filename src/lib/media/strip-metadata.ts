import type { ShownType } from './sniff';

export async function stripMetadata(_picture: Blob, _type: ShownType): Promise<Blob | null> {
  return null;
}
