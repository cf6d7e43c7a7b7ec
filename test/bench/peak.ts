import { residentBytesOf } from '../support/api-process.ts';

const SAMPLE_MS = 20;
const MEBIBYTE = 1024 ** 2;

/** The most memory that a process has had while something was done with it. */
export interface Peak {
  during<T>(deed: () => Promise<T>): Promise<T>;
  mebibytes(): number;
}

/** Looks at what is resident of a process, again and again, while a deed is done. */
export function watchPeak(pid: number): Peak {
  let most = 0;
  const look = () => (most = Math.max(most, residentBytesOf(pid)));
  return {
    during: async (deed) => {
      const sampler = setInterval(look, SAMPLE_MS);
      return await deed().finally(() => clearInterval(sampler));
    },
    mebibytes: () => most / MEBIBYTE,
  };
}
