import { packImage } from '../images/oci.ts';

/** What the target `transfer` of the Dockerfile says about running the image: an archive has to say it again. */
export const TRANSFER_IMAGE_CONFIG = {
  Entrypoint: ['/nodejs/bin/node', '--max-old-space-size=64', '/app/transfer.js'],
  Env: ['NODE_ENV=production'],
  User: '65532:65532',
  WorkingDir: '/tmp',
} as const;

if (import.meta.main) {
  const [reference, rootFolder, archive] = process.argv.slice(2);
  if (!reference || !rootFolder || !archive) throw new Error('usage: node pack-transfer.ts REFERENCE ROOT ARCHIVE');
  await packImage(reference, rootFolder, TRANSFER_IMAGE_CONFIG, archive);
}
