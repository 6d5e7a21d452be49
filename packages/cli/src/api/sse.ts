import type { Reply } from './client.ts';

/** A server-sent event (HTML Living Standard, 9.2). */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The last id that the stream gave so far. */
  readonly id: string;
}

const LINE_MAX = 16 << 20;

/** Lines of a stream: ended by LF, CR LF or CR. */
async function* linesOf(reply: Reply): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of reply) {
    rest += decoder.decode(chunk as Buffer, { stream: true });
    // A CR at the end may be half of a CR LF.
    const parts = rest.split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop()!;
    if (rest.length > LINE_MAX) throw new Error('the stream has a line without end');
    yield* parts;
  }
}

/** The events of a stream; ends with it. `lastId`: the id from before, for a stream taken up again. */
export async function* serverEvents(reply: Reply, lastId = ''): AsyncGenerator<ServerEvent> {
  let id = lastId;
  let event = '';
  let data: string[] = [];
  for await (const line of linesOf(reply)) {
    if (line === '') {
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n'), id };
      event = '';
      data = [];
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
  }
}
