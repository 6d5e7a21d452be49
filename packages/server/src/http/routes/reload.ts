import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { Services } from '../services.ts';

const Names = Type.Array(Type.String());

const ReloadAnswer = Type.Object({
  sinks: Type.Object({ added: Names, changed: Names, removed: Names }),
  needs_restart: Names,
});

export function reloadRoutes(app: App, reload: NonNullable<Services['reload']>): void {
  app.post(
    '/v1/config/reload',
    {
      config: {
        docs: {
          tag: 'service',
          summary: 'Read the configuration file anew',
          description:
            'Sinks that were added, changed or removed in the file take effect at once, and no event is lost: a changed sink goes on where it was, a new one begins with what the queue still holds, for ' +
            'a removed one nothing is kept any more. So do the default sinks. The same as the signal SIGHUP. Other keys take effect at the next start. When the file is not valid, everything stays as it was.',
          answers: {
            200: {
              description: "What was done, by the sinks' names, and which keys wait for a restart.",
              schema: ReloadAnswer,
              example: { sinks: { added: ['archive'], changed: [], removed: [] }, needs_restart: ['http_port'] },
            },
          },
          errors: ['bad_configuration'],
        },
      },
    },
    async () => {
      const { sinks, needsRestart } = await reload();
      return { sinks, needs_restart: needsRestart };
    },
  );
}
