import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allNodes, treeOf } from './completion/tree.ts';
import { cliReference } from './docs.ts';
import { processIo } from './io.ts';
import { createProgram } from './program.ts';

test('the reference has a section for every command and a line for every option', () => {
  const text = cliReference();
  for (const { command, path } of allNodes(treeOf(createProgram(processIo())))) {
    if (path.length > 0) assert.match(text, new RegExp(`^#+ meniscus ${path.join(' ')}$`, 'm'));
    for (const option of command.options) assert.ok(text.includes(`\`${option.flags}\``), option.flags);
  }
});

test('every command and option is described', () => {
  for (const { command, path } of allNodes(treeOf(createProgram(processIo())))) {
    assert.notEqual(command.description(), '', path.join(' '));
    for (const argument of command.registeredArguments) assert.notEqual(argument.description, '', `${path.join(' ')} ${argument.name()}`);
    for (const option of command.options) assert.notEqual(option.description, '', `${path.join(' ')} ${option.flags}`);
  }
});
