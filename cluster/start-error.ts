/** Why a runtime does not start a container, as its message tells. Pure functions. */

/** A command that cannot be run. */
export interface CommandFault {
  readonly message: string;
  /** As a shell exits: 127 for a command that it does not find, 126 for one that it may not run. */
  readonly exitCode: 126 | 127;
}

/** What to do about a {@link CommandFault}. */
export const COMMAND_HINT = 'check command and args, and that the image has an executable file of this name';

/** runc puts the name into Go's quotes, crun into backquotes. */
const RUNC = /exec: "((?:[^"\\]|\\.)+)": (.*)/s;
const CRUN = /executable file `([^`]+)` (not found.*)/s;
const MISSING = /not found in \$PATH|no such file or directory/i;
const NOT_EXECUTABLE = /permission denied|is a directory|exec format error/i;

/** The fault of the command that a runtime could not start; undefined when its message tells of something else. */
export function commandFaultIn(message = ''): CommandFault | undefined {
  const [, command, cause = ''] = RUNC.exec(message) ?? CRUN.exec(message) ?? [];
  if (command === undefined) return undefined;
  if (MISSING.test(cause)) return { message: `the command "${command}" is not in the image`, exitCode: 127 };
  if (!NOT_EXECUTABLE.test(cause)) return undefined;
  return { message: `the command "${command}" is not executable in the image`, exitCode: 126 };
}

/** True when the memory limit leaves no room for what runs before the command. */
export function isOutOfMemoryAtStart(message = ''): boolean {
  return /container init was OOM-killed|unable to set memory limit to \d+ \(current usage/.test(message);
}
