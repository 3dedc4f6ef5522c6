// Charts: uPlot for the two big ones, plain SVG for what stands in a table's row.
import { h } from './dom.js';
import { known, number, quantity } from './format.js';

const INK = '#232a30', GRID = '#c3c8cb', BAND = 'rgba(62, 92, 118, 0.20)', LINE = '#3e5c76', REAL = '#111';
const utc = (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC');
const AXIS = { stroke: INK, grid: { stroke: GRID, width: 1 }, ticks: { stroke: GRID, width: 1 }, font: '13px system-ui, sans-serif' };
const NUMBERS = (_, all) => all.map((v) => number(v, 4));
// 24-hour labels for each step of the time axis: [step, label, then the date where a day begins].
const TIMES = [[3600 * 24, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1], [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1], [1, '{HH}:{mm}:{ss}', '\n{YYYY}-{MM}-{DD}', null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1]];

const plots = new Set();
/** Lets go of charts whose elements have left the page; uPlot listens to the window until it is told to stop. */
function sweep() {
  for (const plot of plots) if (!plot.root.isConnected) { plot.destroy(); plots.delete(plot); }
}

/** A chart that draws itself into an element, and again whenever the data or the width have changed. */
function chart(key, options, data, label) {
  return h('div', {
    key, class: 'chart', role: 'img', 'aria-label': label, draw: (element) => {
      const width = element.clientWidth;
      const signature = JSON.stringify(data);
      if (!width || !window.uPlot) return;
      if (!element.plot) {
        sweep();
        element.plot = new uPlot({ ...options, width }, data, element);
        plots.add(element.plot);
      } else {
        if (element.plot.width !== width) element.plot.setSize({ width, height: options.height });
        if (element.signature !== signature) element.plot.setData(data);
      }
      element.signature = signature;
    },
  });
}

/** What was foretold, as a band with its middle, and what came. */
export function forecastChart(forecast) {
  return bandChart('forecast', forecast, (p, name) => p[name] ?? null, 'middle', `Forecast of ${forecast.quantity} with reality beside it`);
}

/** The same less the forecast's middle: where a count of thousands hides a lag of ten, this one shows it. */
export function differenceChart(forecast) {
  return bandChart('difference', forecast, (p, name) => (known(p[name]) ? p[name] - p.median : null), 'as foretold', 'Reality less the forecast’s middle');
}

function bandChart(key, forecast, value, middle, label) {
  const start = forecast.at / 1e9;
  const column = (name) => forecast.points.map((p) => value(p, name));
  const data = [forecast.points.map((p) => start + p.minutes * 60), column('high'), column('low'), column('median'), column('actual')];
  const text = (_, x) => (known(x) ? number(x, 4) : '—');
  const edge = { stroke: 'rgba(62,92,118,.5)', width: 1, value: text, points: { show: false } };
  return chart(key, {
    height: 290, tzDate: utc, cursor: { drag: { x: false, y: false } }, bands: [{ series: [1, 2], fill: BAND }],
    scales: { y: { range: (_, low, high) => [low - 0.04 * (high - low), high + 0.04 * (high - low) || 1] } },
    axes: [{ ...AXIS, values: TIMES }, { ...AXIS, size: 64, values: NUMBERS }],
    series: [
      { label: 'UTC', value: '{HH}:{mm}' }, { ...edge, label: 'high' }, { ...edge, label: 'low' },
      { label: middle, stroke: LINE, width: 2, dash: [7, 5], value: text, points: { show: false } },
      { label: 'reality', stroke: REAL, width: 3, value: text, points: { show: false } },
    ],
  }, data, label);
}

/** A tag's history; what is not good has a gap. */
export function historyChart(series) {
  const data = [series.instants.map((ns) => ns / 1e9), series.values];
  return chart(`history ${series.tag}`, {
    height: 200, tzDate: utc, cursor: { drag: { x: true, y: false } },
    axes: [{ ...AXIS, values: TIMES }, { ...AXIS, size: 64, values: NUMBERS }],
    series: [
      { label: 'Plant time (UTC)', value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}' },
      { label: series.tag, stroke: INK, width: 2, points: { show: series.values.length < 80 }, value: (_, x) => (x === null ? '—' : quantity(x, series.unit, 5)) },
    ],
  }, data, `History of ${series.tag}`);
}

/** An interval with its middle; `mark` is a second value to compare with (the design's, or zero). */
export function intervalBar({ low, mean, high, mark, from, to, width = 220, odd = false, label }) {
  const all = [low, high, mean, mark].filter((x) => typeof x === 'number');
  let [a, b] = [from ?? Math.min(...all), to ?? Math.max(...all)];
  const margin = (b - a) * 0.12 || 1;
  [a, b] = [a - margin, b + margin];
  const x = (value) => (((typeof value === 'number' ? value : value === 'inf' ? b : a) - a) / (b - a)) * width;
  return h('svg', { class: 'interval', width, height: 22, viewBox: `0 0 ${width} 22`, role: 'img', 'aria-label': label },
    h('line', { x1: 0, x2: width, y1: 11, y2: 11, class: 'axis' }),
    h('rect', { x: x(low), y: 6, width: Math.max(2, x(high) - x(low)), height: 10, class: odd ? 'range odd' : 'range' }),
    mark === undefined || mark === null ? null : h('line', { x1: x(mark), x2: x(mark), y1: 1, y2: 21, class: 'mark' }),
    h('circle', { cx: x(mean), cy: 11, r: 4.5, class: odd ? 'mean odd' : 'mean' }));
}

/** A standardised residual as a bar from the middle, ±4 wide, with the zone of ±2 shaded. */
export function residualBar(z, width = 260) {
  const x = (v) => width / 2 + (Math.max(-4, Math.min(4, v)) / 4) * (width / 2 - 4);
  return h('svg', { class: 'residual', width, height: 24, viewBox: `0 0 ${width} 24`, role: 'img', 'aria-label': `${number(z, 2)} standard deviations` },
    h('rect', { x: x(-2), y: 0, width: x(2) - x(-2), height: 24, class: 'zone' }),
    h('line', { x1: width / 2, x2: width / 2, y1: 0, y2: 24, class: 'axis' }),
    h('rect', { x: Math.min(x(0), x(z)), y: 6, width: Math.max(2, Math.abs(x(z) - x(0))), height: 12, class: Math.abs(z) > 2 ? 'z odd' : 'z' }));
}

/** The latest residuals over time, ±4 high, with the zone of ±2 shaded; null when there are too few. */
export function residualTrace(recent, width = 170) {
  if (!(recent?.length > 1)) return null;
  const y = (v) => 16 - (Math.max(-4, Math.min(4, v)) / 4) * 15;
  const points = recent.map((v, i) => `${((width - 8) * i) / (recent.length - 1) + 4},${y(v).toFixed(1)}`);
  const [lastX, lastY] = points.at(-1).split(',');
  return h('svg', { class: 'residual', width, height: 32, viewBox: `0 0 ${width} 32`, role: 'img', 'aria-label': `lately ${recent.map((v) => number(v, 2)).join(', ')}` },
    h('rect', { x: 0, y: y(2), width, height: y(-2) - y(2), class: 'zone' }), h('line', { x1: 0, x2: width, y1: 16, y2: 16, class: 'axis' }),
    h('polyline', { points: points.join(' '), class: 'trace' }), h('circle', { cx: lastX, cy: lastY, r: 3.5, class: Math.abs(recent.at(-1)) > 2 ? 'z odd' : 'z' }));
}
