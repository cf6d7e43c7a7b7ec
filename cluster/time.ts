/** Epoch milliseconds of a Kubernetes time, which the typed client gives as Date and a watch as text. */
export function epochMs(time: Date | string | undefined): number | undefined {
  return time === undefined ? undefined : new Date(time).getTime();
}
