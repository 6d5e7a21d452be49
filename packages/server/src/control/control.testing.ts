import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Control } from './control.ts';
import type { ControlStore } from './control-store.ts';
import { openEmbedded } from './embedded/embedded.ts';
import { createControl } from './service.ts';

export interface ControlFixture {
  control: Control;
  store: ControlStore;
  readonly directory: string;
  readonly errors: unknown[];
  /** Milliseconds; set it to move the clock. */
  now: number;
  /** Stops the service as on a clean stop and starts it anew. */
  restart(): Promise<void>;
}

/** A control service on an embedded store in a temporary directory. Sinks: store and archive; store is the default. */
export async function startControl(t: TestContext): Promise<ControlFixture> {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-control-'));
  const open = async (): Promise<void> => {
    fixture.store = openEmbedded(join(directory, 'control'));
    fixture.control = await createControl(fixture.store, {
      sinks: new Set(['store', 'archive']),
      defaultSinks: ['store'],
      tokenResetMinimum: 3 * 3_600_000,
      now: () => fixture.now,
      onError: (error) => fixture.errors.push(error),
    });
  };
  const fixture = { directory, errors: [] as unknown[], now: Date.parse('2026-11-23T10:00:30Z') } as unknown as ControlFixture;
  fixture.restart = async () => {
    await fixture.control.close();
    await open();
  };
  await open();
  t.after(async () => {
    await fixture.control.close();
    rmSync(directory, { recursive: true });
  });
  return fixture;
}
