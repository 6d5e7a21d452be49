import type { Query, Test } from './query.ts';

/** One function per kind of query: a back end that forgets a kind does not compile. */
export type QueryVisitor<Result> = { readonly [Kind in Query['kind']]: (query: Extract<Query, { kind: Kind }>) => Result };

/** One function per kind of test. */
export type TestVisitor<Result> = { readonly [Kind in Test['kind']]: (test: Extract<Test, { kind: Kind }>) => Result };

/** Calls the function for the query's kind. Recursion is the visitor's: a query is at most 64 deep. */
export function visitQuery<Result>(query: Query, visitor: QueryVisitor<Result>): Result {
  return (visitor[query.kind] as (query: Query) => Result)(query);
}

/** Calls the function for the test's kind. */
export function visitTest<Result>(test: Test, visitor: TestVisitor<Result>): Result {
  return (visitor[test.kind] as (test: Test) => Result)(test);
}
