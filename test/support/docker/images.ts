import { logFileOf } from '../../../deploy/local/processes.ts';
import { runToFile } from '../../../deploy/local/command.ts';
import { createProgress } from '../../../deploy/local/progress.ts';
import type { Engine } from './engine.ts';
import { REPOSITORY } from './engine.ts';
import { prepareBuild } from './node-image.ts';

/** Which of its two builders Docker is told to take. */
export type Builder = 'legacy' | 'buildkit';

/** Builds a target of deploy/Dockerfile, or what has changed of it. Returns the name of the image. */
export async function buildImage(engine: Engine, target: string, builder: Builder = 'legacy'): Promise<string> {
  const name = `kubernetes-task-runner/${target}:${builder}`;
  const told = Object.entries(await prepareBuild(engine)).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  // The bridge of a network that is made here leads nowhere.
  const args = ['build', '--network=host', '--file=deploy/Dockerfile', `--target=${target}`, `--tag=${name}`, ...told];
  const env = { ...engine.env, DOCKER_BUILDKIT: builder === 'buildkit' ? '1' : '0' };
  const log = logFileOf(engine.profile, `build-${target}-${builder}`);
  const build = () => runToFile(engine.client, [...args, '.'], log, { cwd: REPOSITORY, env });
  await createProgress().step(`build ${name}`, build);
  return name;
}
