const MAX = 1000;

/**
 * How many documents a command names: fewer for a server that did not answer the last one in time, down to one, so that it gets done in the end. More again only when all of a task is done: a task that is tried
 * again begins with commands that are done at once, since their documents are there already, and these say nothing about the one that is too slow.
 */
export class Pace {
  private current = MAX;

  get documents(): number {
    return this.current;
  }

  /** Runs a command. */
  async keep<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      this.current = Math.max(1, this.current >> 2);
      throw error;
    }
  }

  /** A task is done. */
  done(): void {
    this.current = Math.min(MAX, this.current * 2);
  }
}
