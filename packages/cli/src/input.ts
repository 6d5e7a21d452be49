import { Failure } from './errors/failure.ts';
import type { Io } from './io.ts';

const TEXT_MAX = 64 << 20;

/** All of standard input as text. */
export async function inputText({ stdin }: Pick<Io, 'stdin'>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > TEXT_MAX) throw new Failure(`standard input is longer than ${TEXT_MAX} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
