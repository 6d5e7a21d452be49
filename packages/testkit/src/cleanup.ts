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
