import { ABSENT, MSG_ABSENT, ROW_TIME_RECEIVED, type Batch } from '../../event/batch.ts';
import { formatTime } from '../../event/event.ts';
import { LEAF } from '../../event/leaf.ts';
import { compileShape } from '../../event/shape.ts';

/** A row of a batch as a plain object, absent parts left out: for tests. */
export function rowOf(batch: Batch, row: number): Record<string, unknown> {
  const { strings, origins, shapes } = batch.dictionaries;
  const out: Record<string, unknown> = {
    tenant: origins[batch.origin[row]!]!.tenant,
    time: formatTime(batch.time[row]!),
    host: strings[batch.host[row]!],
    pname: strings[batch.pname[row]!],
    pid: batch.pidText(row),
    msgid: strings[batch.msgid[row]!],
  };
  if (batch.flags[row]! & ROW_TIME_RECEIVED) out['time'] = 'received';
  if (batch.severity[row] !== ABSENT) out['severity'] = batch.severity[row];
  if (batch.facility[row] !== ABSENT) out['facility'] = batch.facility[row];
  if (batch.ver[row] !== 0) out['ver'] = batch.ver[row];
  if (batch.msgLength[row] !== MSG_ABSENT) out['msg'] = batch.msg(row);
  const { pieces } = compileShape(shapes[batch.shape[row]!]!);
  let json = pieces[0]!;
  for (let leaf = batch.leafStart[row]!, i = 1; leaf < batch.leafStart[row + 1]!; leaf++, i++) json += leafText(batch, leaf) + pieces[i]!;
  return Object.assign(out, JSON.parse(`{${json}}`) as object);
}

function leafText(batch: Batch, leaf: number): string {
  const tag = batch.leafTag[leaf]!;
  if (tag === LEAF.number) return String(batch.leafNumber[leaf]);
  // As a string, since JSON.parse would change it.
  if (tag === LEAF.numberText) return JSON.stringify(`#${batch.leafString(leaf)}`);
  return tag === LEAF.string ? JSON.stringify(batch.leafString(leaf)) : ['null', 'false', 'true'][tag]!;
}
