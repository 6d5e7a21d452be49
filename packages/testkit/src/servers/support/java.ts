import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ServerOptions } from '../server.ts';

const execute = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.8';
const SYSTEM_JDKS = '/usr/lib/jvm';

/** Which Java a server runs on: major versions, both inclusive. */
export interface JavaRange {
  readonly min: number;
  readonly max?: number;
}

function majorOf(home: string): number {
  const file = path.join(home, 'release');
  if (!existsSync(file) || !existsSync(path.join(home, 'bin/javac'))) return 0;
  return Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
}

/** The home of a JDK: JAVA_HOME when it fits, then the system's. Throws when there is none. */
export function javaHome({ min, max = Infinity }: JavaRange): string {
  const system = existsSync(SYSTEM_JDKS) ? readdirSync(SYSTEM_JDKS).sort() : [];
  const homes = [process.env['JAVA_HOME'] ?? '', ...system.map((entry) => path.join(SYSTEM_JDKS, entry))];
  const home = homes.find((candidate) => candidate !== '' && majorOf(candidate) >= min && majorOf(candidate) <= max);
  if (home !== undefined) return home;
  const range = max === Infinity ? `${min} or newer` : `${min} to ${max}`;
  throw new Error(`there is no JDK of version ${range}: install one below ${SYSTEM_JDKS}, or set JAVA_HOME`);
}

export function java(range: JavaRange): string {
  return path.join(javaHome(range), 'bin/java');
}

/** What every JVM is told, for few cores. */
export function virtualMachineOptions(options: Pick<ServerOptions, 'longRunning'>): readonly string[] {
  return ['-XX:+UseSerialGC', ...(options.longRunning === true ? [] : ['-XX:TieredStopAtLevel=1'])];
}

/** Copies what a POM depends on to `folder/lib` and notes the order in `folder/classpath`, with paths below the folder. */
export async function resolveJars(
  folder: string,
  pom: string,
  range: JavaRange,
  properties: Readonly<Record<string, string>>,
): Promise<void> {
  const given = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const places = [`-DoutputDirectory=${folder}/lib`, '-Dmdep.prefix=lib', `-Dmdep.outputFile=${folder}/classpath`];
  const goals = [`${DEPENDENCY_PLUGIN}:copy-dependencies`, `${DEPENDENCY_PLUGIN}:build-classpath`];
  await execute('mvn', ['-B', '-q', '-f', pom, ...goals, ...given, '-DincludeScope=runtime', ...places], {
    env: { ...process.env, JAVA_HOME: javaHome(range) },
    timeout: INSTALL_TIMEOUT_MS,
    maxBuffer: 64 << 20,
  }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`Maven cannot resolve ${pom}: ${(error.stdout || error.message).slice(-2000)}`, { cause: error });
  });
}

/** The class path of an installation: compiled classes and settings first. */
export function classPath(home: string): string {
  const jars = readFileSync(path.join(home, 'classpath'), 'utf8').trim().split(':');
  return ['classes', ...jars].map((entry) => path.join(home, entry)).join(':');
}

/** Compiles Java files against an installation, to a folder below it. */
export async function compile(home: string, sources: readonly string[], range: JavaRange, to = 'classes'): Promise<void> {
  const target = path.join(home, to);
  mkdirSync(target, { recursive: true });
  const javac = path.join(javaHome(range), 'bin/javac');
  await execute(javac, ['-proc:none', '-cp', classPath(home), '-d', target, ...sources], { timeout: INSTALL_TIMEOUT_MS });
}

/** Packs compiled classes. */
export async function pack(jar: string, classes: string, range: JavaRange): Promise<void> {
  const args = ['--create', '--file', jar, '-C', classes, '.'];
  await execute(path.join(javaHome(range), 'bin/jar'), args, { timeout: INSTALL_TIMEOUT_MS });
}
