// A trace file (docs/trace-format.md) in memory, and the line as it stood at any of its moments.

const KINDS = { s: 0, l: 1, p: 2, r: 3, o: 4 };
const EVERY = 8192;

/** Reads the text of a trace file; throws an Error that says what is wrong with it. */
export function readTrace(text) {
  const firstEnd = text.indexOf('\n');
  let header;
  try { header = JSON.parse(text.slice(0, firstEnd < 0 ? text.length : firstEnd)); } catch { header = null; }
  if (header?.format !== 'takt-trace') throw new Error('This is no trace: its first line does not say "format":"takt-trace".');
  if (header.version !== 1) throw new Error(`This trace is of version ${header.version}; version 1 is known here.`);
  const limits = { s: header.machines.length, l: header.buffers.length, p: header.machines.length, r: header.machines.length, o: Infinity };
  let size = 0;
  for (let i = firstEnd + 1; i < text.length; i += 1) if (text.charCodeAt(i) === 10) size += 1;
  const times = new Float64Array(size), kinds = new Uint8Array(size), indices = new Int32Array(size), values = new Int32Array(size);
  let count = 0, end = null, place = firstEnd + 1, number = 1;
  while (place < text.length && !end) {
    let next = text.indexOf('\n', place);
    if (next < 0) next = text.length;
    const line = text.slice(place, next);
    place = next + 1;
    number += 1;
    if (line === '') continue;
    let value;
    try { value = JSON.parse(line); } catch {
      // A file that was not written whole may end in the middle of a line.
      if (place > text.length) break;
      throw new Error(`Line ${number} of the trace cannot be read.`);
    }
    if (!Array.isArray(value)) { end = value; break; }
    const [time, kind, index, amount] = value;
    if (!(kind in KINDS) || typeof time !== 'number' || !(index >= 0 && index < limits[kind]) || (kind === 's' && !header.states[amount])) throw new Error(`Line ${number} of the trace cannot be read.`);
    times[count] = time;
    kinds[count] = KINDS[kind];
    indices[count] = index;
    values[count] = amount;
    count += 1;
  }
  return new Trace(header, count, times, kinds, indices, values, end);
}

/** The entries, and a cursor that stands at one moment. */
class Trace {
  constructor(header, count, times, kinds, indices, values, end) {
    Object.assign(this, { header, count, times, kinds, indices, values });
    this.isWhole = end?.entries === count;
    this.isCut = end?.cut === true;
    // A trace that was cut, or not written whole, ends with its last entry.
    this.end = this.isWhole && !this.isCut ? header.horizon : count ? times[count - 1] : 0;
    this.reset();
    this.marks = [];
    for (let i = 0; i < count; i += 1) {
      if (i % EVERY === 0) this.marks.push(this.copy());
      this.apply(i);
    }
    this.seek(0);
  }

  reset() {
    const { machines, buffers } = this.header;
    this.next = 0;
    this.states = new Int32Array(machines.length).fill(this.header.states.indexOf('starved'));
    this.since = new Float64Array(machines.length);
    this.levels = new Int32Array(buffers.length);
    this.produced = new Int32Array(machines.length);
    this.rejected = new Int32Array(machines.length);
    this.left = 0;
  }

  copy() {
    return { states: this.states.slice(), since: this.since.slice(), levels: this.levels.slice(), produced: this.produced.slice(), rejected: this.rejected.slice(), left: this.left };
  }

  apply(i) {
    const index = this.indices[i], value = this.values[i];
    switch (this.kinds[i]) {
      case 0: this.states[index] = value; this.since[index] = this.times[i]; break;
      case 1: this.levels[index] = value; break;
      case 2: this.produced[index] = value; break;
      case 3: this.rejected[index] = value; break;
      default: this.left = value;
    }
    this.next = i + 1;
  }

  /** Goes to a moment: everything that happened until then, it included. */
  seek(time) {
    let low = 0, high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= time) low = middle + 1; else high = middle;
    }
    if (low < this.next || low - this.next > EVERY) {
      const mark = Math.min(Math.floor(low / EVERY), this.marks.length - 1);
      if (mark < 0) return;
      const copy = this.marks[mark];
      this.states.set(copy.states);
      this.since.set(copy.since);
      this.levels.set(copy.levels);
      this.produced.set(copy.produced);
      this.rejected.set(copy.rejected);
      this.left = copy.left;
      this.next = mark * EVERY;
    }
    while (this.next < low) this.apply(this.next);
  }

  /** By machine, the state that took most of each of `pieces` equal parts of the time. */
  strips(pieces) {
    const machines = this.header.machines.length, width = this.end / pieces, kinds = this.header.states.length;
    const strips = Array.from({ length: machines }, () => new Int8Array(pieces).fill(-1));
    const state = new Int32Array(machines).fill(this.header.states.indexOf('starved')), since = new Float64Array(machines);
    const seconds = Array.from({ length: machines }, () => new Float64Array(pieces * kinds));
    const note = (m, until) => {
      if (!(width > 0)) return;
      const last = Math.min(pieces - 1, Math.floor(until / width));
      for (let piece = Math.min(pieces - 1, Math.floor(since[m] / width)); piece <= last; piece += 1) {
        const from = Math.max(since[m], piece * width), to = piece === pieces - 1 ? until : Math.min(until, (piece + 1) * width);
        if (to > from) seconds[m][piece * kinds + state[m]] += to - from;
      }
    };
    for (let i = 0; i < this.count; i += 1) {
      if (this.kinds[i] !== 0) continue;
      const m = this.indices[i];
      note(m, this.times[i]);
      state[m] = this.values[i];
      since[m] = this.times[i];
    }
    for (let m = 0; m < machines; m += 1) {
      note(m, this.end);
      for (let p = 0; p < pieces; p += 1) {
        let best = 0;
        for (let k = 0; k < kinds; k += 1) if (seconds[m][p * kinds + k] > best) [best, strips[m][p]] = [seconds[m][p * kinds + k], k];
      }
    }
    return strips;
  }
}
