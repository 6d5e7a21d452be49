import { setTimeout as delay } from 'node:timers/promises';
import type { SinkTenant } from '../writer.ts';
import type { Answer, ClusterClient } from './client.ts';
import { FIELDS } from './fields/fields.ts';
import { aliasOf, dayEnd, dayOf, inPath } from './index-names.ts';
import { jsonOf } from './words.ts';

const DAY_MS = 86_400_000;
/** Indexes deleted by one request: addresses have a limit of 4 KiB. */
const AT_ONCE = 20;
const POLL_MS = 200;

/**
 * Deletes what a tenant may not keep. Only indexes that are in the tenant's alias and have exactly a name that this sink gives them are looked at, and each is deleted by its
 * name: no pattern can reach another tenant's.
 */
export class Removal {
  private readonly client: ClusterClient;
  private readonly prefix: string;

  constructor(client: ClusterClient, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  /** Deletes the indexes whose whole day is older than their tenant keeps events. */
  async expired(tenants: readonly SinkTenant[], now: number, signal: AbortSignal): Promise<void> {
    const answer = await this.client.call({ method: 'GET', path: `/_alias/${inPath(`${this.prefix}-`)}*` }, signal);
    const byAlias = indexesByAlias(answer);
    const old: string[] = [];
    for (const { id, retentionDays } of tenants) {
      const alias = aliasOf(this.prefix, id);
      for (const index of byAlias.get(alias) ?? []) {
        const day = dayOf(alias, index);
        if (day !== undefined && dayEnd(day) <= now - retentionDays * DAY_MS) old.push(index);
      }
    }
    await this.delete(old, signal);
  }

  /**
   * Deletes a tenant's events received before `before` (microseconds): whole indexes, but where younger events are in one (of a tenant made anew under the same id), by a query.
   */
  async tenant(id: string, before: number, signal: AbortSignal): Promise<void> {
    const alias = aliasOf(this.prefix, id);
    const answer = await this.client.call({ method: 'GET', path: `/_alias/${inPath(alias)}` }, signal);
    const whole: string[] = [];
    for (const index of indexesByAlias(answer).get(alias) ?? []) {
      const day = dayOf(alias, index);
      if (day === undefined || day * 1000 >= before) continue;
      if (dayEnd(day) * 1000 <= before || !(await this.hasYounger(index, before, signal))) whole.push(index);
      else await this.deleteOlder(index, before, signal);
    }
    await this.delete(whole, signal);
  }

  private async delete(indexes: readonly string[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < indexes.length; at += AT_ONCE) {
      const names = indexes.slice(at, at + AT_ONCE).map(inPath);
      const answer = await this.client.call({ method: 'DELETE', path: `/${names.join(',')}?ignore_unavailable=true` }, signal);
      if (answer.status !== 404) jsonOf(`cannot delete the indexes ${names.join(', ')}`, answer);
    }
  }

  private async hasYounger(index: string, before: number, signal: AbortSignal): Promise<boolean> {
    const action = `cannot count events in the index ${index}`;
    jsonOf(action, await this.client.call({ method: 'POST', path: `/${inPath(index)}/_refresh` }, signal));
    const body = JSON.stringify({ query: { range: { [FIELDS.received]: { gte: before } } } });
    const answer = await this.client.call({ method: 'POST', path: `/${inPath(index)}/_count`, body }, signal);
    return (jsonOf(action, answer) as { count: number }).count > 0;
  }

  /** As a task of the cluster, since it may take longer than one request may. */
  private async deleteOlder(index: string, before: number, signal: AbortSignal): Promise<void> {
    const action = `cannot delete events in the index ${index}`;
    const body = JSON.stringify({ query: { range: { [FIELDS.received]: { lt: before } } } });
    const path = `/${inPath(index)}/_delete_by_query?conflicts=proceed&wait_for_completion=false`;
    const { task } = jsonOf(action, await this.client.call({ method: 'POST', path, body }, signal)) as { task: string };
    for (;;) {
      const answer = await this.client.call({ method: 'GET', path: `/_tasks/${inPath(task)}` }, signal);
      const { completed, error, response } = jsonOf(action, answer) as TaskAnswer;
      if (error !== undefined) throw new Error(`${action}: ${error.type}: ${error.reason}`);
      if (completed) {
        if ((response?.failures?.length ?? 0) > 0 || (response?.version_conflicts ?? 0) > 0)
          throw new Error(`${action}: not all could be deleted`);
        return;
      }
      await delay(POLL_MS, undefined, { signal });
    }
  }
}

interface TaskAnswer {
  readonly completed: boolean;
  readonly error?: { readonly type: string; readonly reason: string };
  readonly response?: { readonly failures?: readonly unknown[]; readonly version_conflicts?: number };
}

/** Reads an answer of `GET /_alias/...`: 404 when there is none. */
function indexesByAlias(answer: Answer): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (answer.status === 404) return found;
  const all = jsonOf('cannot list the indexes', answer) as Record<string, { aliases: object }>;
  for (const [index, { aliases }] of Object.entries(all)) {
    for (const alias of Object.keys(aliases)) {
      const list = found.get(alias);
      if (list === undefined) found.set(alias, [index]);
      else list.push(index);
    }
  }
  return found;
}
