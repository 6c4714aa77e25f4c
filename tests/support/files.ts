import { randomBytes } from 'node:crypto';
import { type FileId, fileIdSchema } from '@/domain/file';

/** An id that nobody has used. */
export const newFileId = (): FileId => fileIdSchema.parse(randomBytes(11).toString('hex'));
