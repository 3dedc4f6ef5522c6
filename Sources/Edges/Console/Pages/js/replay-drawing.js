// The line of a trace as an SVG drawing: stations by their state, buffers by their level.
import { h } from './dom.js';
import { count } from './format.js';

const W = 158, H = 112, GAP = 104, ROW = 44, BASIN = { w: 40, h: 84 }, LEAD = 56, PER_ROW = 5, MARGIN = 10;

/** What the states of a trace look like. */
export const SIGNS = {
  working: { sign: '▶', says: 'working' }, starved: { sign: '◔', says: 'starved' }, blocked: { sign: '◕', says: 'blocked' },
  failed: { sign: '✖', says: 'failed' }, microstopped: { sign: '❚❚', says: 'short stop' }, closed: { sign: '■', says: 'closed' },
  setup: { sign: '⚙', says: 'set-up' }, maintenance: { sign: '✚', says: 'maintenance' }, waiting: { sign: '…', says: 'waiting for people' },
};
const unknownSign = { sign: '?', says: 'not known yet' };

/** Where everything stands: columns by the flow of parts, wrapped into rows. Computed once for a trace. */
export function plan(header) {
  const { stations, buffers } = header;
  const takers = (b) => stations.flatMap((s, i) => (s.inputs.includes(b) ? [i] : []));
  // Parts that vehicles carry on come out where the way ends.
  const reached = (b) => [b, ...header.ways.filter((w) => w.from === b).map((w) => w.to)];
  const next = stations.map((s) => s.outputs.flatMap(reached).flatMap(takers));
  const circles = new Set(), open = new Set(), done = new Set();
  const walk = (i) => {
    open.add(i);
    for (const j of next[i]) if (open.has(j)) circles.add(`${i}>${j}`); else if (!done.has(j)) walk(j);
    open.delete(i);
    done.add(i);
  };
  const fed = new Set(stations.flatMap((s) => s.outputs.flatMap(reached)));
  stations.forEach((s, i) => { if (!done.has(i) && s.inputs.every((b) => !fed.has(b))) walk(i); });
  stations.forEach((_, i) => { if (!done.has(i)) walk(i); });
  const column = stations.map(() => 0);
  for (const _ of stations) next.forEach((to, i) => to.forEach((j) => { if (!circles.has(`${i}>${j}`)) column[j] = Math.max(column[j], column[i] + 1); }));
  const columns = Array.from({ length: Math.max(...column) + 1 }, (_, c) => stations.flatMap((_, i) => (column[i] === c ? [i] : [])));
  const gaps = Array.from({ length: columns.length + 1 }, () => []);
  buffers.forEach((_, b) => {
    const to = takers(b).map((i) => column[i]);
    const from = stations.flatMap((s, i) => (s.outputs.includes(b) ? [column[i] + 1] : []));
    gaps[to.length ? Math.min(...to) : Math.max(0, ...from)].push(b);
  });

  const boxes = new Map(), basins = new Map(), lanes = [];
  const pitch = W + GAP;
  let top = MARGIN + 20;
  for (let c = 0; c < columns.length; c += PER_ROW) {
    const last = Math.min(c + PER_ROW, columns.length);
    const own = columns.slice(c, last);
    const around = gaps.slice(c, last === columns.length ? last + 1 : last);
    const height = Math.max(H, ...own.map((x) => x.length * (H + 24) - 24), ...around.map((x) => x.length * (BASIN.h + 58) - 30));
    own.forEach((list, k) => list.forEach((i, n) => boxes.set(i, { x: LEAD + GAP + k * pitch, y: top + (height - (list.length * (H + 24) - 24)) / 2 + n * (H + 24), row: lanes.length })));
    around.forEach((list, k) => list.forEach((b, n) => basins.set(b, { x: LEAD + k * pitch + (GAP - BASIN.w) / 2, y: top + (height - (list.length * (BASIN.h + 58) - 58)) / 2 + n * (BASIN.h + 58), row: lanes.length })));
    top += height + 44;
    lanes.push(top - 10);
    top += ROW - 10;
  }
  const hasBack = stations.some((s, i) => s.outputs.some((b) => takers(b).length > 0 && takers(b).every((j) => circles.has(`${i}>${j}`))));
  return { boxes, basins, lanes, isBack: (i, b) => takers(b).length > 0 && takers(b).every((j) => circles.has(`${i}>${j}`)), width: LEAD + GAP + Math.min(columns.length, PER_ROW) * pitch + 40, height: lanes.at(-1) + (hasBack ? 18 : 2) };
}

/** The drawing at the trace's moment. */
export function lineDrawing(trace, p) {
  const { header } = trace;
  const flows = [];
  const arrow = (d) => flows.push(h('path', { class: 'flow', d, 'marker-end': 'url(#arrow)' }));
  const join = (x1, y1, row1, x2, y2, row2) => {
    if (row1 !== row2) arrow(`M${x1},${y1} H${x1 + 18} V${p.lanes[row1] + 14} H${x2 - 20} V${y2} H${x2 - 1}`);
    else if (Math.abs(y1 - y2) < 1) arrow(`M${x1},${y1} H${x2 - 1}`);
    else arrow(`M${x1},${y1} H${x1 < x2 ? (x1 + x2) / 2 : x1 + 12} V${y2} H${x2 - 1}`);
  };
  header.stations.forEach((s, i) => {
    const box = p.boxes.get(i), middle = box.y + H / 2;
    for (const b of s.inputs) { const a = p.basins.get(b); join(a.x + BASIN.w, a.y + BASIN.h / 2, a.row, box.x, middle, box.row); }
    for (const b of s.outputs) {
      const a = p.basins.get(b);
      if (p.isBack(i, b)) arrow(`M${box.x + W / 2},${box.y + H} V${p.lanes[box.row] + 6} H${a.x + BASIN.w / 2} V${a.y + BASIN.h + 38}`);
      else join(box.x + W, middle, box.row, a.x, a.y + BASIN.h / 2, a.row);
    }
    if (!s.outputs.length) { arrow(`M${box.x + W},${middle} H${box.x + W + 28}`); flows.push(h('text', { class: 'rsmall', x: box.x + W + 8, y: middle - 10 }, 'out')); }
  });
  header.sources.forEach((source, i) => {
    const a = p.basins.get(source.into), above = 14 * header.sources.slice(0, i).filter((other) => other.into === source.into).length;
    if (a.x < LEAD + GAP) {
      arrow(`M${Math.max(4, a.x - 60)},${a.y + BASIN.h / 2} H${a.x - 1}`);
      flows.push(h('text', { class: 'rsmall', x: Math.max(4, a.x - 60), y: a.y + BASIN.h / 2 - 10 - above }, source.name.slice(0, 9)));
    } else flows.push(h('text', { class: 'rsmall mid', x: a.x + BASIN.w / 2, y: a.y - 22 - above }, `▾ ${source.name}`));
  });
  for (const way of header.ways) {
    const a = p.basins.get(way.from), b = p.basins.get(way.to);
    // One above the other: out to the right and back in from the right.
    if (a.x === b.x) arrow(`M${a.x + BASIN.w},${a.y + BASIN.h / 2 - 16} H${a.x + BASIN.w + 18} V${b.y + BASIN.h / 2 - 16} H${b.x + BASIN.w + 1}`);
    else join(a.x + BASIN.w, a.y + BASIN.h / 2, a.row, b.x, b.y + BASIN.h / 2, b.row);
  }
  return h('div', { class: 'drawing', key: 'drawing', tabindex: 0, role: 'region', 'aria-label': 'The line' },
    h('svg', { viewBox: `0 0 ${p.width} ${p.height}`, style: { 'max-width': `${Math.round(p.width * 1.15)}px` } },
      h('defs', null, h('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 4.5, markerHeight: 4.5, orient: 'auto' }, h('path', { d: 'M0,0 L8,4 L0,8 z', class: 'arrow' }))),
      flows, header.buffers.map((b, i) => basin(b, p.basins.get(i), trace.levels[i])), header.stations.map((s, i) => station(trace, s, i, p.boxes.get(i)))));
}

function basin(b, { x, y }, level) {
  const limited = b.capacity !== undefined && b.capacity !== null;
  const share = limited ? (b.capacity > 0 ? Math.min(1, level / b.capacity) : 0) : 0;
  const full = limited && b.capacity > 0 && level >= b.capacity;
  const empty = limited && b.capacity > 0 && level === 0;
  return h('g', { key: `buffer ${b.name}`, class: `buffer${full ? ' full' : ''}${empty ? ' empty' : ''}`, role: 'img', 'aria-label': `${b.name}: ${level}${limited ? ` of ${b.capacity}` : ''}` },
    h('text', { class: 'buffer-name', x: x + BASIN.w / 2, y: y - 7 }, b.name),
    h('rect', { class: 'basin', x, y, width: BASIN.w, height: BASIN.h }),
    h('rect', { class: 'fill', x: x + 3, y: y + 3 + (1 - share) * (BASIN.h - 6), width: BASIN.w - 6, height: share * (BASIN.h - 6) }),
    h('text', { class: 'buffer-level', x: x + BASIN.w / 2, y: y + BASIN.h + 18 }, String(level)),
    h('text', { class: 'buffer-cap', x: x + BASIN.w / 2, y: y + BASIN.h + 33 }, full ? 'full' : empty ? 'empty' : limited ? `of ${b.capacity}` : 'no limit'));
}

function station(trace, s, i, { x, y }) {
  const { header } = trace;
  const machines = header.machines.flatMap((station, m) => (station === i ? [m] : []));
  const names = machines.map((m) => header.states[trace.states[m]]);
  // Several machines: the band shows the one that people would look at first.
  const worst = ['failed', 'microstopped', 'maintenance', 'setup', 'waiting', 'blocked', 'starved', 'working', 'closed'].find((k) => names.includes(k));
  const shown = SIGNS[worst] ?? unknownSign;
  const sum = (list) => machines.reduce((total, m) => total + list[m], 0);
  const rejected = sum(trace.rejected), good = sum(trace.produced) - rejected;
  const light = ['failed', 'setup', 'maintenance', 'working'].includes(worst) ? ' onband' : '';
  const working = names.filter((n) => n === 'working').length;
  return h('g', { key: `station ${i}`, role: 'group', 'aria-label': `${s.name}: ${shown.says}, ${good} good, ${rejected} rejected` },
    h('rect', { class: `rbox k-${worst ?? 'none'}`, x, y, width: W, height: H, rx: 3 }),
    h('rect', { class: `k-${worst ?? 'none'}`, x: x + 2, y: y + 2, width: W - 4, height: 50, rx: 2 }),
    h('text', { class: `rname${light}`, x: x + 10, y: y + 22 }, s.name.length > 15 ? `${s.name.slice(0, 14)}…` : s.name),
    h('text', { class: `rstate${light}`, x: x + 10, y: y + 43 }, machines.length > 1 ? `${shown.sign}  ${working} of ${machines.length} work` : `${shown.sign}  ${shown.says}`),
    h('text', { class: 'rnumber', x: x + 10, y: y + 74 }, count(good)), h('text', { class: 'rsmall far', x: x + W - 10, y: y + 74 }, 'good'),
    h('text', { class: 'rnumber', x: x + 10, y: y + 95 }, count(rejected)), h('text', { class: 'rsmall far', x: x + W - 10, y: y + 95 }, 'rejected'),
    machines.length > 1 ? machines.map((m, k) => h('rect', { key: `m${m}`, class: `machine k-${header.states[trace.states[m]] ?? 'none'}`, x: x + 10 + k * Math.min(16, (W - 20) / machines.length), y: y + H - 12, width: Math.min(13, (W - 20) / machines.length - 2), height: 7 })) : null);
}
