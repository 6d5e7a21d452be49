/** The native `lognormalizer`, installed from the distribution when that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATH = '/usr/bin/lognormalizer';

/** Its path, or why it cannot be measured. */
export function findNative(): { path: string; version: string } | { reason: string } {
  if (!existsSync(PATH)) install();
  if (!existsSync(PATH)) return { reason: 'not installed, and apt-get could not install liblognorm-utils' };
  const { stderr, stdout } = spawnSync(PATH, ['-V'], { encoding: 'utf8' });
  return { path: PATH, version: /liblognorm version: (\S+)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown' };
}

function install(): void {
  if (process.getuid?.() !== 0) return;
  const apt = (...args: string[]): boolean => spawnSync('apt-get', args, { stdio: 'ignore' }).status === 0;
  if (!apt('install', '-y', '--no-install-recommends', 'liblognorm-utils')) {
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'liblognorm-utils');
  }
}
