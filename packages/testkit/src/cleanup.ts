/** Where clean-up is registered: a test context of node:test, or a script's own list. */
export interface Cleanup {
  after(clean: () => void | Promise<void>): void;
}

/** For scripts: run `end` in a finally. Cleans in reverse order. */
export function scriptCleanup(): Cleanup & { end(): Promise<void> } {
  const cleaners: (() => void | Promise<void>)[] = [];
  return {
    after: (clean) => void cleaners.push(clean),
    end: async () => {
      for (const clean of cleaners.splice(0).reverse()) await clean();
    },
  };
}

const registered = new WeakMap<Cleanup, (() => void | Promise<void>)[]>();

/** Registers clean-up that runs in reverse order, as node:test does not: a process ends before its directory goes. All of it runs, also when some fails. */
export function onEnd(t: Cleanup, clean: () => void | Promise<void>): void {
  const cleaners = registered.get(t);
  if (cleaners !== undefined) return void cleaners.push(clean);
  const first = [clean];
  registered.set(t, first);
  t.after(() => runAll(first));
}

async function runAll(cleaners: (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const clean of cleaners.splice(0).reverse()) {
    try {
      await clean();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `cannot clean up: ${errors.map(String).join('; ')}`);
}
