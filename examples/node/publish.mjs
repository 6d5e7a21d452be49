/**
 * Sends events to Meniscus in batches. Copy it into your program.
 *
 *     const events = new Publisher({ url, tenant, token });
 *     events.send({ app: 'shop', level: 'error', message: 'no stock', article: 4711 });
 *     await events.close();
 */
export class Publisher {
  #url;
  #headers;
  #waiting = [];
  #sending = Promise.resolve();
  #timer;
  /** What could not be sent after all tries. */
  lost = 0;

  constructor({ url, tenant, token, batchEvents = 500, batchMs = 500, waitingMax = 50_000, tries = 8 }) {
    this.#url = `${url}/v1/tenant/${encodeURIComponent(tenant)}/publish`;
    this.#headers = { 'message-token': token, 'content-type': 'application/x-ndjson' };
    Object.assign(this, { batchEvents, waitingMax, tries });
    this.#timer = setInterval(() => this.#flush(), batchMs);
    this.#timer.unref();
  }

  /** Never waits and never throws: beyond `waitingMax` events the new one is dropped and counted. */
  send(event) {
    if (this.#waiting.length >= this.waitingMax) {
      this.lost++;
      return;
    }
    this.#waiting.push(JSON.stringify({ time: new Date().toISOString(), ...event }));
    if (this.#waiting.length === this.batchEvents) this.#flush();
  }

  /** Resolves when everything was sent, or given up. */
  async close() {
    clearInterval(this.#timer);
    this.#flush();
    await this.#sending;
  }

  /** One batch after the other, so that order is kept and the service is not flooded. */
  #flush() {
    const lines = this.#waiting.splice(0);
    for (let i = 0; i < lines.length; i += this.batchEvents) {
      const batch = lines.slice(i, i + this.batchEvents);
      this.#sending = this.#sending.then(() => this.#sendBatch(batch));
    }
  }

  async #sendBatch(lines) {
    for (let attempt = 1; attempt <= this.tries; attempt++) {
      const wait = await this.#try(lines.join('\n'), attempt);
      if (wait === undefined) return;
      if (attempt < this.tries) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    this.lost += lines.length;
  }

  /** Milliseconds to wait before the next try; undefined when there is nothing to repeat. */
  async #try(body, attempt) {
    try {
      const answer = await fetch(this.#url, { method: 'POST', headers: this.#headers, body });
      const text = await answer.text();
      if (answer.status === 202) return undefined;
      if (answer.status !== 429 && answer.status !== 503) {
        console.error(`meniscus: ${answer.status} ${text}`);
        return undefined;
      }
      return 1000 * Number(answer.headers.get('retry-after') ?? attempt);
    } catch {
      // Not reached: it may be about to start again. A request that broke may have been taken, so an event can come twice.
      return Math.min(30_000, 250 * 2 ** attempt);
    }
  }
}
