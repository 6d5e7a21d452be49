import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../../meniscus/process.ts';
import { exclusively } from './lock.ts';

const cache = path.join(repository, 'node_modules/.cache/meniscus-servers');

/** How one server of one version comes to this computer. */
export interface Recipe {
  readonly name: string;
  readonly version: string;
  /** The files it is made from: another content is another installation. */
  readonly files: readonly string[];
  /** Makes it in an empty folder. The folder moves afterwards, so nothing in it may say where it lies. */
  readonly build: (folder: string) => Promise<void>;
}

function folderOf(recipe: Recipe): string {
  const hash = createHash('sha256');
  for (const file of recipe.files) hash.update(readFileSync(file));
  return path.join(cache, `${recipe.name}-${recipe.version}-${hash.digest('hex').slice(0, 8)}`);
}

/** Moves what is ready to its place, unless another process was faster. */
function publish(fresh: string, home: string): void {
  try {
    renameSync(fresh, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}

/** Installs a server unless it is there; gives its folder. One process at a time installs, since the package managers' own caches are shared. */
export async function install(recipe: Recipe): Promise<string> {
  const home = folderOf(recipe);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  return exclusively(path.join(cache, 'lock'), async () => {
    if (existsSync(home)) return home;
    const fresh = `${home}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh);
    try {
      await recipe.build(fresh);
      publish(fresh, home);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return home;
  });
}
