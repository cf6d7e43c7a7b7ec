import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A service account that exists nowhere, with a key that signs. */
export interface TestAccount {
  readonly email: string;
  readonly publicKey: KeyObject;
  readonly credentialsFilePath: string;
}

/** Writes a key file into `folder`. Its token address leads nowhere: whoever asks for a token fails. */
export function createTestAccount(folder: string): TestAccount {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const email = 'runner@example.iam.gserviceaccount.com';
  const credentialsFilePath = join(folder, 'key.json');
  const key = {
    type: 'service_account',
    project_id: 'example',
    private_key_id: '1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: email,
    client_id: '1',
    token_uri: 'http://127.0.0.1:9/token',
  };
  writeFileSync(credentialsFilePath, JSON.stringify(key));
  return { email, publicKey, credentialsFilePath };
}
