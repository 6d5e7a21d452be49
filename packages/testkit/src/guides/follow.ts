import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cleanup } from '../cleanup.ts';
import { freePort } from '../net/free-port.ts';
import { Client } from '../meniscus/client.ts';
import { repository, startProcess, type RunFile } from '../meniscus/process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../wait.ts';
import { outputMatches, type Page, type Step } from './page.ts';
import { startServersOfPage, type Replace } from './servers.ts';
import { Shell } from './shell.ts';

/** Pages name the default ports, and 205xx for what they start themselves; a test takes free ones instead. */
type Ports = Replace;

async function portsOfPage(page: Page): Promise<Ports> {
  const own = new Map<string, string>();
  for (const { text } of page.steps)
    for (const [port] of text.matchAll(/\b205\d\d\b/g)) if (!own.has(port)) own.set(port, String(await freePort()));
  return (text) => text.replaceAll(/\b205\d\d\b/g, (port) => own.get(port) ?? port);
}

function portsOfService(run: RunFile): Ports {
  const syslog = run.syslog.tcp.split(':').at(-1)!;
  return (text) => text.replaceAll('127.0.0.1:8080', new URL(run.http).host).replaceAll(/\b5140\b/g, syslog);
}

/** A folder in which `npx meniscus` works as in the repository, and where a page may leave files. */
function workingFolder(t: Cleanup): string {
  const directory = path.join(temporaryDirectory(t), 'meniscus');
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'package.json'), '{"private":true}');
  for (const name of ['node_modules', 'packages', 'examples']) symlinkSync(path.join(repository, name), path.join(directory, name));
  return directory;
}

/** Writes the configuration that the page's service runs with, if the page has one; gives its path. */
function writeConfig(page: Page, directory: string, ports: Ports): string | undefined {
  for (const step of page.steps) {
    if (step.kind !== 'file' || !step.config) continue;
    const file = path.join(directory, step.name);
    writeFileSync(file, ports(step.text));
    return file;
  }
  return undefined;
}

async function runStep(shell: Shell, page: Page, step: Extract<Step, { kind: 'run' }>, ports: Ports): Promise<void> {
  const expected = step.expected === undefined ? undefined : ports(step.expected);
  const attempt = async (): Promise<{ readonly output: string; readonly right: boolean }> => {
    const { output, failed } = await shell.run(ports(step.text));
    assert.ok(!failed, `${path.basename(page.path)} line ${step.line}: a command failed:\n${output}`);
    return { output, right: expected === undefined || outputMatches(expected, output) };
  };
  let last = await attempt();
  if (step.until) {
    await until(`the output of line ${step.line}`, async () => last.right || ((last = await attempt()), last.right)).catch(() => {});
  }
  assert.ok(last.right, `${path.basename(page.path)} line ${step.line} wrote\n${last.output}\ninstead of\n${expected}`);
}

/** Does what a page says, in order, against a service of its own. Fails with the line whose command fails or writes something else than the page says. */
export async function followPage(t: Cleanup, page: Page, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const directory = workingFolder(t);
  const dataDir = path.join(directory, 'data');
  const ofServers = await startServersOfPage(t, page.servers);
  const ofPage = await portsOfPage(page);
  const own: Ports = (text) => ofPage(ofServers(text));
  const config = writeConfig(page, directory, own);
  const { run, adminKey } = await startProcess(t, { dataDir, ...(config !== undefined && { config }) });
  if (page.tenant !== undefined) await new Client({ run, adminKey }).createTenant(page.tenant);
  const bin = path.join(repository, 'node_modules/.bin');
  const shell = new Shell(t, directory, {
    ...environment,
    PATH: `${bin}:${environment['PATH']}`,
    XDG_CONFIG_HOME: path.join(directory, '.config'),
    MENISCUS_TENANT: page.tenant,
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
  });
  const ofService = portsOfService(run);
  const ports: Ports = (text) => own(ofService(text));
  for (const step of page.steps) {
    if (step.kind === 'file') writeFileSync(path.join(directory, step.name), ports(step.text));
    else await runStep(shell, page, step, ports);
  }
}
