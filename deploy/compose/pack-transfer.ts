import { packImage } from '../images/oci.ts';
import { TRANSFER_IMAGE_CONFIG } from '../images/transfer/image.ts';

if (import.meta.main) {
  const [reference, rootFolder, archive] = process.argv.slice(2);
  if (!reference || !rootFolder || !archive) throw new Error('usage: node pack-transfer.ts REFERENCE ROOT ARCHIVE');
  await packImage(reference, rootFolder, TRANSFER_IMAGE_CONFIG, archive);
}
