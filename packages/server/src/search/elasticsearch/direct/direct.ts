import type { SearchRequest } from '../../search.ts';
import type { ThreadTools } from '../../store/answer.ts';
import type { BlockMaker } from '../documents/blocks.ts';
import type { Inquiry } from '../inquiry.ts';
import { directCount } from './count.ts';
import { directFacets, directValues } from './facets.ts';
import { directFields } from './fields.ts';
import { directHistogram } from './histogram.ts';
import { directStats } from './stats.ts';

export interface DirectParts extends ThreadTools {
  readonly maker: BlockMaker;
}

/** The answer where the server can count it by itself, exactly. Undefined: it cannot, or there was no time; then the documents have to be looked at. */
export async function directAnswer(inquiry: Inquiry, request: SearchRequest, parts: DirectParts): Promise<string | undefined> {
  if (request.kind === 'count') return inquiry.strongest(async (compiled) => directCount(inquiry, compiled, parts));
  if (request.kind === 'histogram') return inquiry.strongest(async (compiled) => directHistogram(inquiry, compiled, request));
  if (request.kind === 'facets') return inquiry.strongest(async (compiled) => directFacets(inquiry, compiled, request));
  if (request.kind === 'values') return inquiry.strongest(async (compiled) => directValues(inquiry, compiled, request));
  if (request.kind === 'fields') return inquiry.strongest(async (compiled) => directFields(inquiry, compiled));
  if (request.kind === 'stats') return inquiry.strongest(async (compiled) => directStats(inquiry, compiled, request));
  return undefined;
}
