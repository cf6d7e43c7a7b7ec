/** Makes a bucket on an emulator of Google Cloud Storage. One that is there already is no error. */
export async function makeBucket(endpoint: string, name: string): Promise<void> {
  const response = await fetch(`${endpoint}/storage/v1/b?project=local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (!response.ok && response.status !== 409) throw new Error(`making the bucket answered ${response.status}`);
}
