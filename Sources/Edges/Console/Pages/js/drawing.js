// The line as an SVG drawing: stations, buffers and the flow between them.
import { h } from './dom.js';
import { count, fixed, known, number, percent, quantity, span, unit } from './format.js';
import { layout } from './layout.js';
import { stateKind, QUALITY } from './states.js';

const W = 236, GAP = 98, BUFFER = { w: 46, h: 118 }, LEAD = 58, PV = 40, HEAD = 196, MARGIN = 12, PORT = 74;

/** The drawing; `select(tag)` is called for a value whose history is wanted. */
export function drawing(line, now, select, selected) {
  const plan = layout(line);
  const rows = plan.columns.map((stations) => stations.map((s) => ({ s, height: HEAD + PV * s.processVariables.length })));
  const spacing = 22;
  const hasBack = line.stations.some((s) => s.output && plan.isBackFlow(s, s.output));

  // Places: columns are laid so that the parts of a column enter and leave, on average, at one height; then all is moved down into view.
  const place = new Map();
  rows.forEach((column, c) => {
    let y = 0;
    const tops = column.map((r) => { const top = y; y += r.height + spacing; return top; });
    const mean = tops.reduce((sum, top) => sum + top + PORT, 0) / tops.length;
    column.forEach(({ s, height }, i) => place.set(s.name, { x: LEAD + GAP + c * (W + GAP), y: tops[i] - mean, w: W, h: height }));
  });
  const all = [...place.values()];
  const top = Math.min(...all.map((p) => p.y), -BUFFER.h / 2 - 16);
  for (const p of all) p.y += MARGIN - top;
  const bottom = Math.max(...all.map((p) => p.y + p.h), MARGIN - top + BUFFER.h / 2 + 40);
  const height = bottom + MARGIN + (hasBack ? 40 : 0);
  // A buffer that no station takes from stands after the last column.
  const width = LEAD + plan.columns.length * (W + GAP) + (plan.gaps.at(-1).length ? GAP : LEAD);
  const middle = (p) => p.y + PORT;
  const basin = new Map();
  plan.gaps.forEach((buffers, g) => {
    const wanted = buffers.map((b) => {
      const near = line.stations.filter((s) => s.inputs.includes(b.name) || (s.output === b.name && !plan.isBackFlow(s, b.name))).map((s) => middle(place.get(s.name)));
      return { b, y: (near.length ? near.reduce((a, n) => a + n, 0) / near.length : height / 2) - BUFFER.h / 2 };
    }).sort((a, b) => a.y - b.y);
    wanted.forEach((entry, i) => {
      if (i > 0) entry.y = Math.max(entry.y, wanted[i - 1].y + BUFFER.h + 52);
      basin.set(entry.b.name, { x: LEAD + g * (W + GAP) + (GAP - BUFFER.w) / 2, y: entry.y, w: BUFFER.w, h: BUFFER.h });
    });
  });

  const flows = [];
  for (const s of line.stations) {
    const p = place.get(s.name);
    for (const name of s.inputs) {
      const b = basin.get(name);
      if (b) flows.push(flow(b.x + b.w, b.y + b.h / 2, p.x, middle(p)));
    }
    const out = s.output && basin.get(s.output);
    if (out && plan.isBackFlow(s, s.output)) {
      const low = height - 16;
      flows.push(h('path', { class: 'flow', d: `M${p.x + p.w / 2},${p.y + p.h} V${low} H${out.x + out.w / 2} V${out.y + out.h + 30}`, 'marker-end': 'url(#arrow)' }));
    } else if (out) flows.push(flow(p.x + p.w, middle(p), out.x, out.y + out.h / 2));
    else flows.push(flow(p.x + p.w, middle(p), p.x + p.w + 26, middle(p)), h('text', { class: 'end', x: p.x + p.w + 30, y: middle(p) + 5 }, 'out'));
  }
  for (const source of line.sources) {
    const b = basin.get(source.into);
    if (!b) continue;
    flows.push(h('text', { class: 'end', x: 4, y: b.y + b.h / 2 - 12 }, source.name), flow(4, b.y + b.h / 2, b.x, b.y + b.h / 2));
  }

  return h('div', { class: 'drawing', key: 'drawing', tabindex: 0, role: 'region', 'aria-label': 'The line' },
    h('svg', { viewBox: `0 0 ${width} ${height}`, style: { 'min-width': `${Math.round(0.6 * width)}px`, 'max-width': `${Math.round(1.1 * width)}px` } },
      h('defs', null, h('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 4.5, markerHeight: 4.5, orient: 'auto' }, h('path', { d: 'M0,0 L8,4 L0,8 z', class: 'arrow' })),
        h('pattern', { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, h('line', { x1: 0, x2: 0, y1: 0, y2: 7, class: 'hatch' }))),
      flows,
      line.buffers.map((b) => buffer(b, basin.get(b.name))),
      line.stations.map((s) => station(s, place.get(s.name), now, select, selected))));
}

const flow = (x1, y1, x2, y2) => {
  const bend = (x1 + x2) / 2;
  return h('path', { class: 'flow', d: Math.abs(y1 - y2) < 2 ? `M${x1},${y1} H${x2 - 1}` : `M${x1},${y1} H${bend} V${y2} H${x2 - 1}`, 'marker-end': 'url(#arrow)' });
};

function buffer(b, { x, y, w, h: height }) {
  // Where there is no limit, the fill only tells more from less.
  const level = !known(b.level) ? null : Math.max(0, Math.min(1, known(b.capacity) ? b.level / b.capacity : b.level / (b.level + 10)));
  const full = level !== null && known(b.capacity) && level >= 0.95;
  const empty = level !== null && b.level < 1;
  const says = level === null ? `${b.name}: level not known: no sensor, and the twin cannot tell yet`
    : `${b.name}: ${number(b.level, 3)}${known(b.capacity) ? ` of ${b.capacity}` : ''}${b.measured ? '' : ', inferred by the twin'}${full ? ', full' : ''}${empty ? ', empty' : ''}`;
  return h('g', { key: `buffer ${b.name}`, class: `buffer${full ? ' full' : ''}${empty ? ' empty' : ''}`, role: 'img', 'aria-label': says },
    h('title', null, says),
    h('text', { class: 'buffer-name', x: x + w / 2, y: y - 9 }, b.name),
    h('rect', { class: 'basin', x, y, width: w, height }),
    level === null ? h('rect', { x, y, width: w, height, fill: 'url(#hatch)' })
      : h('rect', { class: b.measured ? 'fill' : 'fill inferred', x: x + 3, y: y + 3 + (1 - level) * (height - 6), width: w - 6, height: level * (height - 6) }),
    h('text', { class: 'buffer-level', x: x + w / 2, y: y + height + 19 }, level === null ? '—' : (b.measured ? '' : '≈ ') + number(Math.round(b.level), 4)),
    h('text', { class: 'buffer-cap', x: x + w / 2, y: y + height + 35 }, full ? 'full' : empty ? 'empty' : level === null ? 'unknown' : known(b.capacity) ? `of ${b.capacity}` : 'no limit'));
}

function station(s, { x, y, w, h: height }, now, select, selected) {
  const state = stateKind(s);
  const age = known(s.stateSince) && state.kind !== 'unknown' ? span(now - s.stateSince) : '';
  const odd = known(s.rejectShare) && known(s.rejectShareExpected) && s.rejectShare > 1.5 * s.rejectShareExpected + 0.005;
  const at = (dx, dy, cls, text, anchor) => h('text', { x: x + dx, y: y + dy, class: cls, 'text-anchor': anchor }, text);
  return h('g', { key: `station ${s.name}`, class: `station ${state.kind}`, role: 'group', 'aria-label': `${s.name}: ${state.name}, ${state.says}` },
    h('rect', { class: 'block', x, y, width: w, height, rx: 3 }),
    h('rect', { class: 'band', x, y, width: w, height: 58, rx: 3 }),
    at(12, 24, 'name', s.name),
    at(12, 48, 'state', `${state.sign}  ${state.name}`), at(w - 12, 48, 'state-age', age, 'end'),
    // Rate
    at(12, 92, 'rate', known(s.speedActual) ? fixed(s.speedActual, 1) : '—'), at(w - 12, 80, 'small', known(s.speedSet) ? `set ${number(s.speedSet)}/min` : 'set —', 'end'),
    at(w - 12, 96, 'small', known(s.speedExpected) ? `twin ${number(s.speedExpected)}/min` : 'twin —', 'end'),
    at(12, 108, 'small', known(s.speedActual) ? 'per min, now' : 'rate not known'),
    // Parts
    at(12, 132, 'text', [h('tspan', { class: 'strong' }, count(s.good) ?? '—'), ' good']), at(w - 12, 132, 'text', [h('tspan', { class: 'strong' }, count(s.rejected) ?? '—'), ' rej.'], 'end'),
    at(12, 150, odd ? 'small odd' : 'small', `${odd ? '▲ ' : ''}rejects ${percent(s.rejectShare) ?? '—'}`), at(w - 12, 150, 'small', `twin ${percent(s.rejectShareExpected) ?? '—'}`, 'end'),
    shares(s, x + 12, y + 162, w - 24),
    s.processVariables.map((v, i) => variable(v, x, y + HEAD - 4 + i * PV, w, select, selected)));
}

const SHARES = ['running', 'waiting', 'held', 'down', 'other'];
function shares(s, x, y, w) {
  const says = s.time ? `Last hour: ${SHARES.map((k) => `${k} ${percent(s.time[k], 0)}`).join(', ')}` : 'The last hour’s shares are not known yet';
  let left = x;
  return h('g', { class: 'shares', role: 'img', 'aria-label': says }, h('title', null, says),
    h('rect', { class: 'basin', x, y, width: w, height: 10 }),
    !s.time ? h('rect', { x, y, width: w, height: 10, fill: 'url(#hatch)' }) : SHARES.map((k) => {
      const part = h('rect', { class: `share ${k}`, x: left, y, width: Math.max(0, s.time[k] * w), height: 10 });
      left += s.time[k] * w;
      return part;
    }),
    h('text', { class: 'tiny', x, y: y + 22 }, s.time ? `ran ${percent(s.time.running, 0)} of the last hour` : 'last hour not known yet'));
}

function variable(v, x, y, w, select, selected) {
  const trusted = v.quality === 'good' || v.quality === 'uncertain';
  const says = `${v.name}: ${known(v.value) ? quantity(v.value, v.unit, 4) : 'not known'}${v.quality === 'good' ? '' : ` (${QUALITY[v.quality].says})`}${known(v.setpoint) ? `, set-point ${quantity(v.setpoint, v.unit, 4)}` : ''}. Press for its history`;
  const pick = () => select(v.tag);
  return h('g', { class: `pv ${v.quality}${selected === v.tag ? ' selected' : ''}`, key: v.tag, role: 'button', tabindex: 0, 'aria-label': says, onclick: pick, onkeydown: (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); pick(); } } },
    h('title', null, says),
    h('rect', { class: 'pv-box', x: x + 5, y, width: w - 10, height: PV - 3 }),
    h('text', { class: 'small', x: x + 12, y: y + 14 }, v.name),
    h('text', { class: trusted ? 'value' : 'value doubtful', x: x + 12, y: y + 32 }, `${trusted ? '' : `${QUALITY[v.quality].sign} `}${known(v.value) && v.quality !== 'bad' ? number(v.value, 4) : '—'} `, h('tspan', { class: 'unit' }, unit(v.unit))),
    h('text', { class: 'small', x: x + w - 12, y: y + 14, 'text-anchor': 'end' }, trusted ? '' : v.quality),
    h('text', { class: 'small', x: x + w - 12, y: y + 32, 'text-anchor': 'end' }, known(v.setpoint) ? `set ${number(v.setpoint, 4)}` : 'no set-point'));
}
