/** `rest`: everything to the end of the line, possibly nothing (v1 never offers it an empty remainder). */
import { plainMotif, TEXT } from './motif.ts';

export const rest = plainMotif('rest', 255, { kind: TEXT, scans: false, match: (_line, _from, end) => end, inline: { op: 'rest' } });
