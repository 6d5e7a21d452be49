import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, pack, type JavaRange } from '../support/java.ts';
import type { SearchNodeRecipe } from '../support/search-node.ts';

const VERSION = '9.2.0';
const javaRange: JavaRange = { min: 21 };
const file = (name: string): string => path.join(import.meta.dirname, name);
const analysis = path.join(import.meta.dirname, '../elasticsearch/KitAnalysis.java');
const module = file('KitModule.java');

/** It loads each module with a class loader of its own, from a folder with this description. */
function describe(folder: string, name: string, className: string): void {
  const lines = [`name=${name}`, `description=${name}`, `version=${VERSION}`, `elasticsearch.version=${VERSION}`, `classname=${className}`];
  writeFileSync(
    path.join(folder, 'plugin-descriptor.properties'),
    [...lines, 'java.version=17', 'has.native.controller=false', ''].join('\n'),
  );
}

/** The network's module and its libraries leave the class path, where they would be found first. */
function separateNetty(home: string): void {
  const folder = path.join(home, 'modules/transport-netty4');
  mkdirSync(folder, { recursive: true });
  const list = path.join(home, 'classpath');
  const jars = readFileSync(list, 'utf8').trim().split(':');
  const isNetty = (jar: string): boolean => /^lib\/(?:transport-)?netty/.test(jar);
  for (const jar of jars.filter(isNetty)) renameSync(path.join(home, jar), path.join(folder, path.basename(jar)));
  writeFileSync(list, jars.filter((jar) => !isNetty(jar)).join(':'));
  describe(folder, 'transport-netty4', 'org.elasticsearch.transport.netty4.Netty4Plugin');
}

async function makeOurModule(home: string): Promise<void> {
  const folder = path.join(home, 'modules/testkit');
  mkdirSync(folder, { recursive: true });
  await compile(home, [module, analysis], javaRange, 'module-classes');
  await pack(path.join(folder, 'testkit.jar'), path.join(home, 'module-classes'), javaRange);
  describe(folder, 'testkit', 'KitModule');
}

/** Elasticsearch 9 with the one module of its distribution that is published, the network, and one of ours for what no test can do without. */
export const elasticsearch9: SearchNodeRecipe = {
  name: 'elasticsearch',
  version: VERSION,
  pom: file('pom.xml'),
  sources: [file('Elasticsearch9Main.java')],
  javaRange,
  finish: {
    files: [module, analysis],
    build: async (home) => {
      separateNetty(home);
      await makeOurModule(home);
    },
  },
};
