import { Option, type Command } from 'commander';
import { action, listOf } from '../command.ts';
import { Failure, wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import type { Session } from '../session.ts';

interface Producer {
  readonly id: number;
  readonly name: string;
  readonly pattern: string;
  readonly durable: boolean;
  readonly encrypted: boolean;
  readonly sinks: readonly string[];
}

interface Changes {
  readonly name?: string;
  readonly pattern?: string;
  readonly durable?: boolean;
  readonly encrypted?: boolean;
  readonly sinks?: readonly string[];
}

interface ProducersAnswer {
  readonly event_producers: readonly Producer[];
}

function table(session: Session, producers: readonly Producer[]): string {
  const rows = producers.map(({ id, name, pattern, durable, encrypted, sinks }) => [
    id,
    name,
    pattern,
    durable,
    encrypted,
    sinks.join(', '),
  ]);
  const head = ['id', 'name', 'pattern', 'durable', 'encrypted', 'sinks'];
  return rows.length === 0 ? 'No producer yet: meniscus producer add NAME' : session.out.table({ head, rows, right: [0] });
}

/** A producer by its number or its name. */
async function find(session: Session, which: string): Promise<Producer> {
  const { event_producers: all } = await session.client.json<ProducersAnswer>(session.tenantPath('producers'));
  const found = all.find((one) => String(one.id) === which) ?? all.find((one) => one.name === which);
  if (found !== undefined) return found;
  throw new Failure(`there is no event producer ${JSON.stringify(which)}`, { notes: ['`meniscus producer list` shows them.'] });
}

async function showOne(session: Session, id: number | string): Promise<void> {
  const text = await session.client.text(session.tenantPath('producers', id));
  await session.out.answer<{ event_producer: Producer }>(text, { table: (answer) => table(session, [answer.event_producer]) });
}

async function add(session: Session, options: Changes, name: string): Promise<void> {
  const producer = { ...options, name, pattern: options.pattern ?? name };
  const reply = await session.client.open(session.tenantPath('producers'), { json: { event_producer: producer } });
  reply.resume();
  const id = decodeURIComponent((reply.headers.location ?? '').split('/').at(-1) ?? '');
  await showOne(session, /^\d+$/.test(id) ? id : (await find(session, name)).id);
}

async function set(session: Session, options: Changes, which: string): Promise<void> {
  if (Object.keys(options).length === 0) throw wrongUsage('nothing to set', 'Give an option, like --pattern.');
  const { id, name, pattern } = await find(session, which);
  await session.client.text(session.tenantPath('producers', id), {
    method: 'PUT',
    json: { event_producer: { name, pattern, ...options } },
  });
  await showOne(session, id);
}

interface Unparsed {
  readonly pattern: string;
  readonly rulebase: string | null;
  readonly matched: number;
  readonly unparsed: number;
  readonly skipped: number;
  readonly samples: readonly { readonly time: string; readonly msg: string }[];
}

function unparsedTable(session: Session, { pattern, rulebase, matched, unparsed: count, skipped, samples }: Unparsed): string {
  const name = JSON.stringify(pattern);
  if (rulebase === null) return `There is no rulebase ${name}: meniscus rulebase put ${name} FILE`;
  const skips = skipped === 0 ? '' : `, ${skipped} not tried`;
  const counts = `Rulebase ${name}: ${matched} matched, ${count} unparsed${skips}.`;
  if (samples.length === 0) return counts;
  return `${counts}\n${session.out.table({ head: ['received', 'msg'], rows: samples.map(({ time, msg }) => [time, msg]) })}`;
}

async function unparsed(session: Session, _options: unknown, which: string): Promise<void> {
  const id = which === 'default' ? which : (await find(session, which)).id;
  await session.out.answer<Unparsed>(await session.client.text(session.tenantPath('producers', id, 'unparsed')), {
    items: 'samples',
    table: (answer) => unparsedTable(session, answer),
  });
}

function addChanges(command: Command): Command {
  return command
    .option('--pattern <name>', 'the rulebase that reads its messages (default: its name)')
    .option('--durable', 'publish answers with a job whose state can be asked')
    .option('--encrypted', 'marks its events as encrypted')
    .option('--sinks <names>', 'where its events go, separated by commas', listOf);
}

export function addProducer(program: Command, io: Io): void {
  const producer = program.command('producer').description('event producers: programs of a tenant whose events are treated alike');
  addChanges(producer.command('add'))
    .description('add a producer')
    .argument('<name>', 'the name of the program, as its events have it in pname')
    .action(action<Changes, [string]>(io, add));
  producer
    .command('list')
    .description("a tenant's producers")
    .action(
      action(io, async (session) =>
        session.out.answer<ProducersAnswer>(await session.client.text(session.tenantPath('producers')), {
          items: 'event_producers',
          table: (answer) => table(session, answer.event_producers),
        }),
      ),
    );
  producer
    .command('unparsed')
    .description('messages of a producer that its rulebase does not match')
    .argument('<producer>', 'its id or name; `default` is events of no producer')
    .action(action<unknown, [string]>(io, unparsed));
  addChanges(producer.command('set'))
    .description('change a producer; what is not given stays as it is')
    .argument('<producer>', 'its id or name')
    .option('--name <name>', 'another name')
    .addOption(new Option('--no-durable', 'no jobs'))
    .addOption(new Option('--no-encrypted', 'does not mark them'))
    .action(action<Changes, [string]>(io, set));
  producer
    .command('remove')
    .description('remove a producer')
    .argument('<producer>', 'its id or name')
    .action(
      action<unknown, [string]>(io, async (session, _options, which) => {
        const { id, name } = await find(session, which);
        await session.client.text(session.tenantPath('producers', id), { method: 'DELETE' });
        if (session.out.format === 'table') await session.out.line(`Removed producer ${JSON.stringify(name)}.`);
      }),
    );
}
