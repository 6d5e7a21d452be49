import type { Command } from 'commander';
import { action } from '../command.ts';
import type { Io } from '../io.ts';
import { time } from '../output/human.ts';
import { tenantPath, type Session } from '../session.ts';

interface TokenAnswer {
  readonly token: { readonly valid: string; readonly previous: string | null; readonly last_changed: string };
}

async function showToken(session: Session, path: string, quiet = false): Promise<void> {
  await session.out.answer<TokenAnswer>(await session.client.text(path), {
    table: ({ token }) =>
      quiet
        ? token.valid
        : session.out.list([
            ['valid', token.valid],
            ['previous', token.previous],
            ['changed', time(token.last_changed)],
          ]),
  });
}

type ShowOptions = { readonly quiet?: true };
type RotateOptions = ShowOptions & { readonly invalidateNow?: true };

export function addToken(program: Command, io: Io): void {
  const token = program.command('token').description('message tokens: what senders authenticate with');
  token
    .command('show')
    .description("a tenant's message tokens")
    .argument('[tenant]', 'its id, else the tenant as usual')
    .option('-q, --quiet', 'only the valid one')
    .action(
      action<ShowOptions, [string | undefined]>(io, (session, { quiet }, id) =>
        showToken(session, tenantPath(session.tenant(id), 'token'), quiet),
      ),
    );
  token
    .command('rotate')
    .description('make a new message token; the old one stays valid as the previous one')
    .argument('[tenant]', 'its id, else the tenant as usual')
    .option('--invalidate-now', 'without the three hours between changes; both old ones are revoked')
    .option('-q, --quiet', 'prints only the new one')
    .action(
      action<RotateOptions, [string | undefined]>(io, async (session, { invalidateNow, quiet }, id) => {
        const path = tenantPath(session.tenant(id), 'token');
        await session.client.text(path, { json: { token: { invalidate_now: invalidateNow === true } } });
        await showToken(session, path, quiet);
      }),
    );
}
