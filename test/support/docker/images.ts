import { logFileOf } from '../../../deploy/local/processes.ts';
import { runToFile } from '../../../deploy/local/command.ts';
import { createProgress } from '../../../deploy/local/progress.ts';
import type { Engine } from './engine.ts';
import { REPOSITORY } from './engine.ts';
import { prepareBuild } from './node-image.ts';

/** Which of its two builders Docker is told to take. */
export type Builder = 'legacy' | 'buildkit';

/** What an image is called, and what its build is told beside how this machine builds. */
interface Wanted {
  readonly name?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Builds a target of deploy/Dockerfile, or what has changed of it. Returns the name of the image. */
export async function buildImage(
  engine: Engine,
  target: string,
  builder: Builder = 'legacy',
  { name = `kubernetes-task-runner/${target}:${builder}`, args = {} }: Wanted = {},
): Promise<string> {
  const told = Object.entries({ ...args, ...(await prepareBuild(engine)) });
  const options = told.flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  // The bridge of a network that is made here leads nowhere.
  const where = ['--network=host', '--file=deploy/Dockerfile', `--target=${target}`, `--tag=${name}`];
  const env = { ...engine.env, DOCKER_BUILDKIT: builder === 'buildkit' ? '1' : '0' };
  const log = logFileOf(engine.profile, `build-${target}-${builder}`);
  const build = () => runToFile(engine.client, ['build', ...where, ...options, '.'], log, { cwd: REPOSITORY, env });
  await createProgress().step(`build ${name}`, build);
  return name;
}
