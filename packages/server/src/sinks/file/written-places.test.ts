import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { array, assert as check, nat, property } from 'fast-check';
import { WrittenPlaces } from './written-places.ts';

suite('written places', () => {
  test('are those that were written and no others', () => {
    check(
      property(array(array(nat(40))), (batches) => {
        let places = new WrittenPlaces();
        for (const batch of batches) places = places.with(batch);
        const again = new WrittenPlaces(JSON.parse(JSON.stringify(places)) as [number, number][]);
        const expected = new Set(batches.flat());
        for (let place = -1; place < 43; place++) {
          assert.equal(places.has(place), expected.has(place));
          assert.equal(again.has(place), expected.has(place));
        }
      }),
    );
  });

  test('stay few: the least recent are forgotten, the newest batch never', () => {
    let places = new WrittenPlaces([], 4);
    places = places.with([1, 2, 3]).with([10, 20]).with([4, 5]).with([30, 40]);
    assert.deepEqual(
      [1, 5, 10, 20, 30, 40].map((place) => places.has(place)),
      [true, true, false, false, true, true],
    );
    places = places.with([50, 60, 70, 80, 90]);
    assert.deepEqual(
      places.toJSON(),
      [50, 60, 70, 80, 90].map((place) => [place, place]),
    );
  });

  test('hold the places of all shards', () => {
    const far = 255 * 2 ** 45;
    const places = new WrittenPlaces().with([far, 7, far + 1]);
    assert.deepEqual(
      [7, 8, far, far + 1, far + 2].map((place) => places.has(place)),
      [true, false, true, true, false],
    );
  });
});
