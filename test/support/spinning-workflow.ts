/** A workflow whose task takes as long as counting to `count`. */
export async function spinning(count: number): Promise<string> {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum = (sum + at) % 7;
  return await Promise.resolve(`counted ${sum < 7}`);
}
