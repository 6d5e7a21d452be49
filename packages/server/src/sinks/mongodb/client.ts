import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { readTls } from '../tls-settings.ts';
import { readUser } from '../user-password.ts';
import type { MongodbSettings } from './kind.ts';

/** How long the end of a connection may take. */
const CLOSE_MS = 2000;
const WRITE_CONCERN = /[?&](w|journal|j|wtimeoutMS)=/i;

/** A client that is connected. Rejects when no server can be had within `timeoutMs`. */
export async function connect(settings: MongodbSettings, timeoutMs: number): Promise<MongoClient> {
  const client = new MongoClient(settings.url, await options(settings, timeoutMs));
  try {
    return await client.connect();
  } catch (error) {
    await disconnect(client);
    throw error;
  }
}

/** Ends a client, also one whose server is silent. */
export async function disconnect(client: MongoClient): Promise<void> {
  await soon(client.close().catch(() => undefined));
}

/** Resolves with `ended`, or when that takes longer than an end may. */
export async function soon(ended: Promise<unknown> | undefined): Promise<void> {
  await Promise.race([ended, delay(CLOSE_MS, undefined, { ref: false })]);
}

async function options(settings: MongodbSettings, timeoutMs: number): Promise<MongoClientOptions> {
  const tls = await readTls(settings);
  const auth = await readUser(settings);
  return {
    appName: 'meniscus',
    maxPoolSize: 2,
    connectTimeoutMS: timeoutMs,
    serverSelectionTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    waitQueueTimeoutMS: timeoutMs,
    // An event that leaves the queue must outlive the loss of one server.
    ...(WRITE_CONCERN.test(settings.url) ? {} : { writeConcern: { w: 'majority' as const, journal: true } }),
    ...(settings.tls || tls.ca !== undefined || tls.cert !== undefined ? { tls: true } : {}),
    ...tls,
    ...(auth === undefined ? {} : { auth }),
  };
}
