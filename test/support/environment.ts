/** The value of a variable that the test stack sets; a test never runs without its server, nor skips because of it. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is not set: run this test by \`make test\`, or source the env file of a running stack first`,
    );
  return value;
}
