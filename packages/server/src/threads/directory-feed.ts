import type { TenantChange } from '../control/tenant.ts';
import type { DirectoryUpdate } from './messages.ts';

/** A thread that keeps a mirror of the tenants. */
export interface DirectoryPort {
  postMessage(message: DirectoryUpdate): void;
}

/** Sends changes of tenants to threads and tells when all of them act by it. */
export class DirectoryFeed {
  private readonly ports = new Set<DirectoryPort>();
  private readonly waiting = new Map<number, { readonly left: Set<DirectoryPort>; readonly resolve: () => void }>();
  private sequence = 0;

  add(port: DirectoryPort): void {
    this.ports.add(port);
  }

  /** A thread is gone: nobody waits for it. */
  remove(port: DirectoryPort): void {
    this.ports.delete(port);
    for (const sequence of this.waiting.keys()) this.done(port, sequence);
  }

  /** Resolves when every thread has the changes in force. */
  async send(changes: readonly TenantChange[]): Promise<void> {
    if (this.ports.size === 0) return;
    const sequence = ++this.sequence;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.set(sequence, { left: new Set(this.ports), resolve });
    for (const port of this.ports) port.postMessage({ type: 'directory', sequence, changes });
    await promise;
  }

  /** A thread answered `directory-done`. */
  done(port: DirectoryPort, sequence: number): void {
    const entry = this.waiting.get(sequence);
    if (entry === undefined || !entry.left.delete(port) || entry.left.size > 0) return;
    this.waiting.delete(sequence);
    entry.resolve();
  }
}
