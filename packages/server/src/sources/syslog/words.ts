/** Slots of the table; a collision replaces, so memory is bounded whatever senders invent. */
const SLOTS = 1 << 13;
/** Longer words are not kept in the table. */
const WORD_MAX = 255;

/**
 * Gives the words of headers as strings without making one for each message: hosts, applications and the like repeat. The bytes are hashed while
 * the end of the word is looked for, and compared with the string in the slot: no call leaves JavaScript, and a string met again is the same
 * object, with its hash known, which makes the look-ups that follow cheap.
 */
export class Words {
  /** Where the word that was read last ends. */
  end = 0;
  private readonly texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** Reads the run of bytes above space at `at`; '' when there is none. The buffer holds valid UTF-8. */
  read(buffer: Buffer, at: number, to: number): string {
    let hash = 0x811c9dc5 | 0;
    let all = 0;
    let i = at;
    for (; i < to; i++) {
      const byte = buffer[i]!;
      if (byte <= 32) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
      all |= byte;
    }
    this.end = i;
    if (all > 127 || i - at > WORD_MAX) return buffer.utf8Slice(at, i);
    return this.find(buffer, at, i, hash);
  }

  private find(buffer: Buffer, from: number, to: number, hash: number): string {
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.texts[slot]!;
    if (known.length === to - from) {
      let i = from;
      while (i < to && known.charCodeAt(i - from) === buffer[i]!) i++;
      if (i === to) return known;
    }
    const text = buffer.latin1Slice(from, to);
    this.texts[slot] = text;
    return text;
  }
}
