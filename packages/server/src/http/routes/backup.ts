import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import { Time } from '../schemas/common.ts';
import type { Services } from '../services.ts';

const BackupRequest = Type.Object(
  {
    directory: Type.String({
      minLength: 1,
      maxLength: 1024,
      description:
        'A name, or a path, inside the directory of the key `backup_dir` on the computer of the service. It is made; when it exists it must be empty.',
    }),
  },
  { additionalProperties: false },
);

const BackupAnswer = Type.Object({
  backup: Type.Object({
    directory: Type.String(),
    created_at: Type.Unsafe<string>({ ...Time, description: 'Everything acknowledged before is in it.' }),
    files: Type.Integer(),
    bytes: Type.Integer(),
    elapsed_ms: Type.Number(),
  }),
});

export function backupRoutes(app: App, backup: NonNullable<Services['backup']>): void {
  app.post(
    '/v1/backup',
    {
      schema: { body: BackupRequest },
      config: {
        docs: {
          tag: 'service',
          summary: 'Make a backup while the service runs',
          description:
            'Consistent: everything acknowledged before the request is in it, once. Files that never change are hard-linked where the disk allows it. Answered when it is whole and on disk. ' +
            'It holds the operator key and all events: keep it as safe as the data directory.',
          bodyExample: { directory: '2026-11-23' },
          answers: {
            201: {
              description: 'The backup is whole.',
              schema: BackupAnswer,
              example: {
                backup: {
                  directory: '/backup/2026-11-23',
                  created_at: '2026-11-23T10:00:00.123Z',
                  files: 42,
                  bytes: 1_234_567_890,
                  elapsed_ms: 180,
                },
              },
            },
          },
          errors: ['bad_request', 'backup_running', 'backup_refused', 'unavailable'],
        },
      },
    },
    async (request, reply) => reply.code(201).send({ backup: await backup(request.body.directory) }),
  );
}
