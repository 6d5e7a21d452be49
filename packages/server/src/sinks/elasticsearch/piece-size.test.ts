import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PieceSize } from './piece-size.ts';

test('a slow server gets smaller requests, and larger ones again when it is faster', () => {
  const size = new PieceSize();
  const usual = size.bytes;
  size.silent(usual);
  assert.equal(size.bytes, usual / 2);
  size.silent(1_000);
  assert.equal(size.bytes, 64 << 10);
  for (let i = 0; i < 100; i++) size.answered();
  assert.equal(size.bytes, usual);
});

test('a limit that was met stays, unless it was one event', () => {
  const size = new PieceSize();
  const usual = size.bytes;
  size.tooLarge(2 << 20);
  for (let i = 0; i < 100; i++) size.answered();
  assert.equal(size.bytes, 1 << 20);
  size.onlyEvent();
  assert.equal(size.bytes, usual);
});
