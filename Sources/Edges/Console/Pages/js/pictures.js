// Drawings of calibration, in plain SVG: a law against what was observed, residuals over time, and a histogram of transforms.
import { h } from './dom.js';
import { clock, known, number } from './format.js';

const STEPS = [1, 2, 5, 10, 15, 20, 30, 60];
/** Round marks for an axis of seconds, in the unit that suits it: [{at, text}]. */
function timeMarks(low, high) {
  const span = high - low;
  const [size, name] = high < 180 ? [1, 's'] : high < 10800 ? [60, 'min'] : [3600, 'h'];
  const rough = span / size / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = size > 1 && rough >= 1 && rough <= 60 ? STEPS.find((s) => s >= rough) : [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const marks = [];
  for (let k = Math.ceil(low / size / step); k * step * size <= high; k++) marks.push({ at: k * step * size, text: number(k * step, 4) });
  if (marks.length) marks.at(-1).text += ` ${name}`;
  return marks;
}

/** Seconds as people say them: 2.37 s, 19.8 s, 6.7 min, 1.5 h. */
export function duration(s, digits = 3) {
  if (!known(s)) return null;
  if (typeof s !== 'number') return number(s);
  return s < 180 ? `${number(s, digits)} s` : s < 10800 ? `${number(s / 60, digits)} min` : `${number(s / 3600, digits)} h`;
}

/** A mean with its interval, all three in the mean's unit: [mean, "low to high unit"]. */
export function meanWords({ low, mean, high }) {
  const [size, name] = mean < 180 ? [1, 's'] : mean < 10800 ? [60, 'min'] : [3600, 'h'];
  const text = (v) => number(typeof v === 'number' ? v / size : v, 3);
  return [`${text(mean)} ${name}`, `${text(low)} to ${text(high)}`];
}

/** What was observed as bars, what is foretold as a line, the mean's interval below; the upright mark is the design's mean. */
export function lawPicture(p, mean, design, label) {
  const [W, H, foot, top] = [360, 150, 38, 6];
  const floor = H - foot;
  const x = (v) => ((v - p.low) / (p.high - p.low)) * (W - 16) + 8;
  const heights = (counts, total) => counts.map((n) => n / total / ((p.high - p.low) / counts.length));
  const since = p.counts.reduce((a, b) => a + b, 0);
  const before = p.countsBefore.reduce((a, b) => a + b, 0);
  const bars = since ? heights(p.counts, since + (before ? 0 : p.countBeyond)) : [];
  const old = before ? heights(p.countsBefore, before) : [];
  const peak = Math.max(...p.density);
  // A few values make tall bars, and a law without a density a tall spike: neither may flatten the other.
  const tallest = Math.max(...bars, ...old, 0);
  const most = Math.max(Math.min(peak, 2 * (tallest || peak)), Math.min(tallest, 2 * peak));
  const y = (d) => floor - Math.min(1, d / most) * (floor - top);
  const cell = (n) => (W - 16) / n;
  const line = p.density.map((d, i) => `${(8 + (i + 0.5) * cell(p.density.length)).toFixed(1)},${y(d).toFixed(1)}`).join(' ');
  const steps = old.length ? `M8,${floor}${old.map((d, i) => `L${(8 + i * cell(old.length)).toFixed(1)},${y(d).toFixed(1)}H${(8 + (i + 1) * cell(old.length)).toFixed(1)}`).join('')}V${floor}` : null;
  const clamp = (v) => Math.max(4, Math.min(W - 4, x(v)));
  return h('svg', { class: 'law', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': label },
    bars.map((d, i) => h('rect', { class: 'bar', x: 8 + i * cell(bars.length) + 0.5, y: y(d), width: Math.max(0.5, cell(bars.length) - 1), height: floor - y(d) })),
    steps ? h('path', { class: 'before', d: steps }) : null,
    h('polyline', { class: 'density', points: line }),
    h('line', { class: 'axis', x1: 8, x2: W - 8, y1: floor, y2: floor }),
    timeMarks(p.low, p.high).map((m) => [h('line', { class: 'axis', x1: x(m.at), x2: x(m.at), y1: floor, y2: floor + 4 }), h('text', { x: x(m.at), y: floor + 17, 'text-anchor': x(m.at) > W - 24 ? 'end' : x(m.at) < 20 ? 'start' : 'middle' }, m.text)]),
    h('rect', { class: 'range', x: clamp(mean.low), y: H - 13, width: Math.max(2, clamp(mean.high) - clamp(mean.low)), height: 8 }),
    h('circle', { class: 'mean', cx: clamp(mean.mean), cy: H - 9, r: 4.5 }),
    known(design) && design >= p.low && design <= p.high ? h('line', { class: 'mark', x1: x(design), x2: x(design), y1: H - 18, y2: H }) : null);
}

/** Grey inside ±1.64, where nine of ten lie; amber outside; red beyond ±2.58, where one of a hundred does. */
export const oddness = (z) => (Math.abs(z) > 2.58 ? 'far' : Math.abs(z) > 1.64 ? 'out' : 'in');

/** Standardised residuals over time with the band of ±1.64; `dates` are upright marks. */
export function stripChart(series, from, to, dates) {
  const [W, H] = [900, 60];
  const x = (t) => 6 + ((t - from) / Math.max(1, to - from)) * (W - 12);
  const y = (z) => H / 2 - (Math.max(-4, Math.min(4, z)) / 4) * (H / 2 - 6);
  const outside = series.z.filter((z) => Math.abs(z) > 1.64).length;
  return h('svg', { class: 'strip', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${series.z.length} residuals, ${outside} of them beyond ±1.64; the last ${number(series.z.at(-1), 2)}` },
    h('rect', { class: 'zone', x: 0, y: y(1.64), width: W, height: y(-1.64) - y(1.64) }),
    h('line', { class: 'axis', x1: 0, x2: W, y1: H / 2, y2: H / 2 }),
    dates.filter((t) => t >= from && t <= to).map((t) => h('line', { class: 'change', x1: x(t), x2: x(t), y1: 0, y2: H })),
    series.z.map((z, i) => h('circle', { class: oddness(z), cx: x(series.instants[i]).toFixed(1), cy: y(z).toFixed(1), r: Math.abs(z) > 2.58 ? 5 : 3.6 },
      h('title', null, `${clock(series.instants[i])}: ${number(z, 2)} σ; ${number(series.observed[i], 4)} came, ${number(series.expected[i], 4)} expected`))));
}

/** The hours of a strip chart's axis. */
export function stripAxis(from, to) {
  const marks = clockMarks(from, to);
  return h('svg', { class: 'strip axis-row', viewBox: '0 0 900 22', 'aria-hidden': 'true' },
    marks.map((t) => h('text', { x: Math.max(20, Math.min(880, 6 + ((t - from) / Math.max(1, to - from)) * 888)), y: 15, 'text-anchor': 'middle' }, clock(t).slice(0, 5))));
}

function clockMarks(from, to) {
  const minutes = (to - from) / 6e10;
  const step = [5, 10, 15, 30, 60, 120, 240, 360, 720, 1440].find((m) => minutes / m <= 8) ?? 2880;
  const marks = [];
  for (let t = Math.ceil(from / 6e10 / step) * step; t * 6e10 <= to; t += step) marks.push(t * 6e10);
  return marks;
}

/** How many transforms fell into each tenth, against the even share. */
export function transformHistogram(transforms) {
  const [W, H, floor] = [360, 150, 124];
  const bins = Array(10).fill(0);
  for (const u of transforms) bins[Math.min(9, Math.floor(u * 10))] += 1;
  const most = Math.max(...bins, 1);
  const y = (n) => floor - (n / most) * (floor - 8);
  return h('svg', { class: 'law', viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `Transforms of ${transforms.length} forecasts by tenths: ${bins.join(', ')}` },
    bins.map((n, i) => h('rect', { class: 'bar', x: 8 + i * 34.4 + 1, y: y(n), width: 32.4, height: floor - y(n) })),
    h('line', { class: 'even', x1: 8, x2: W - 8, y1: y(transforms.length / 10), y2: y(transforms.length / 10) }),
    h('line', { class: 'axis', x1: 8, x2: W - 8, y1: floor, y2: floor }),
    [0, 0.5, 1].map((u) => h('text', { x: 8 + u * 344, y: floor + 16, 'text-anchor': ['start', 'middle', 'end'][u * 2] }, ['fewer came', 'as foretold', 'more came'][u * 2])));
}
