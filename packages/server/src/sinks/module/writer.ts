import { pathToFileURL } from 'node:url';
import type { SinkBatch, SinkContext, SinkTenant, SinkWriter, WriteResult } from '../writer.ts';
import type { ModuleSettings } from './kind.ts';

export function createWriter(settings: ModuleSettings, context: SinkContext): SinkWriter {
  return new ModuleWriter(settings, context);
}

/** Passes everything on to the writer that the module makes. What the module lacks or does wrong is an error to try again, as of any sink, and never stops the service. */
class ModuleWriter implements SinkWriter {
  private readonly settings: ModuleSettings;
  private readonly context: SinkContext;
  private inner: SinkWriter | undefined;

  constructor(settings: ModuleSettings, context: SinkContext) {
    this.settings = settings;
    this.context = context;
  }

  async open(signal: AbortSignal): Promise<void> {
    await (await this.load()).open?.(signal);
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    const result = ((await (await this.load()).write(batch, signal)) ?? {}) as Partial<WriteResult>;
    return { refused: [], again: [], ...result };
  }

  async removeTenant(tenant: { readonly number: number; readonly id: string }, before: number, signal: AbortSignal): Promise<void> {
    await (await this.load()).removeTenant?.(tenant, before, signal);
  }

  async retain(tenants: readonly SinkTenant[], signal: AbortSignal): Promise<void> {
    await (await this.load()).retain?.(tenants, signal);
  }

  async check(signal: AbortSignal): Promise<void> {
    await (await this.load()).check?.(signal);
  }

  async close(): Promise<void> {
    await this.inner?.close?.();
  }

  /** Its `open` and `close` may be left out. */
  private async load(): Promise<Partial<SinkWriter> & Pick<SinkWriter, 'write'>> {
    if (this.inner !== undefined) return this.inner;
    const { module, settings } = this.settings;
    const loaded = (await import(pathToFileURL(module).href)) as {
      readonly createWriter?: (settings: unknown, context: SinkContext) => SinkWriter;
    };
    if (typeof loaded.createWriter !== 'function') throw new Error(`${module} does not export a function createWriter`);
    const writer = loaded.createWriter(settings, this.context);
    if (typeof writer?.write !== 'function') throw new Error(`createWriter of ${module} gives nothing that has a function write`);
    return (this.inner = writer);
  }
}
