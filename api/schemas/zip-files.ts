import { z } from 'zod';

const bytes = z.int().nonnegative();

/** What is in a zip, as the API tells it. */
export const zipFilesSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      name: z
        .string()
        .meta({ description: 'Path within the zip; that of a folder ends in `/`.', example: 'words.txt' }),
      bytes: bytes.meta({ description: 'Size of the file.' }),
      compressed_bytes: bytes.meta({ description: 'What it takes in the zip.' }),
      modified: z.int().meta({ description: 'Epoch milliseconds.' }),
    }),
  ),
  total: bytes.meta({ description: 'Files and folders of the zip, also those that are not told.' }),
  url: z.url().meta({ description: 'Where the zip is, signed for this answer.' }),
});

export type ZipFiles = z.infer<typeof zipFilesSchema>;
export type ZipFile = ZipFiles['files'][number];
