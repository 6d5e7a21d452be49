const MAX = 1000;
const MIN = 20;

/** How many documents a command names: fewer for a server that did not answer the last one in time, so that it gets done in the end, and step by step more again. */
export class Pace {
  private current = MAX;

  get documents(): number {
    return this.current;
  }

  /** Runs a command. */
  async keep<T>(command: () => Promise<T>): Promise<T> {
    try {
      const result = await command();
      this.current = Math.min(MAX, this.current * 2);
      return result;
    } catch (error) {
      this.current = Math.max(MIN, this.current >> 2);
      throw error;
    }
  }
}
