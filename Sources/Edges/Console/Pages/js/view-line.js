// The line: key figures, the drawing, alarms, the open change, and the history of a value.
import { h } from './dom.js';
import { get } from './api.js';
import { historyChart } from './charts.js';
import { drawing } from './drawing.js';
import { known, number, percent, unknown, when, words } from './format.js';
import { brief } from './view-changes.js';

const trend = { tag: null, series: null, error: null, asked: 0 };
let redraw = () => {};

async function select(tag) {
  Object.assign(trend, { tag, series: null, error: null });
  redraw();
  await load();
}

async function load() {
  const { tag } = trend;
  if (!tag) return;
  trend.asked = performance.now();
  try {
    const series = await get(`history?tag=${encodeURIComponent(tag)}&points=1500`);
    if (trend.tag === tag) Object.assign(trend, { series, error: null });
  } catch (error) {
    if (trend.tag === tag) trend.error = error.message;
  }
  redraw();
}

export function viewLine(snapshot, render) {
  redraw = render;
  const { line, plantTime: now, twin } = snapshot;
  const k = line.kpis;
  const why = k.reason ?? 'too little data yet';
  if (trend.tag && performance.now() - trend.asked > 10000) load();
  const open = snapshot.changes.filter((c) => c.open);
  return [
    h('section', { class: 'kpis', 'aria-label': 'Key figures', key: 'kpis' },
      kpi('Good parts', number(k.goodPerHour, 3), '/h', 'last hour', why),
      kpi('Scrap', percent(k.scrapShare), '', 'last hour', why),
      kpi('Line OEE', percent(k.oee), '', 'last hour', why),
      kpi('Work in progress', number(k.workInProgress, 2), ' parts', 'now', why),
      kpi('Bottleneck', k.bottleneck, '', 'now', why),
      kpi('Value', number(k.valuePerHour, 4), ` ${k.currency ?? ''}/h`, 'last hour', why),
      kpi('Order', line.order, '', line.product ? `product ${line.product}` : 'product not known', 'the plant does not tell')),
    drawing(line, now, select, trend.tag),
    trend.tag ? h('section', { class: 'panel trend', key: 'trend' },
      h('h2', null, `History of ${trend.tag}`, h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close the history', onclick: () => { trend.tag = null; render(); } }, '✕')),
      trend.error ? h('p', { class: 'none' }, `No history: ${trend.error}`) : !trend.series ? h('p', { class: 'none' }, 'Asking the historian …')
        : trend.series.values.length === 0 ? h('p', { class: 'none' }, 'No samples in the last hour') : historyChart(trend.series)) : null,
    h('div', { class: 'two', key: 'two' },
      h('section', { class: 'panel' }, h('h2', null, 'Alarms'), alarms(snapshot.alarms, now),
        snapshot.properties?.length ? [h('h2', { key: 'safety' }, 'Safety properties'), properties(snapshot.properties, now)] : null),
      h('section', { class: 'panel' }, h('h2', null, 'Changes now'),
        open.length ? open.map((c) => brief(c, now)) : h('p', { class: 'none' }, twin.valid === false ? 'None. No change is tried while the twin is not valid.' : 'None is open.'))),
  ];
}

/** A key figure; one that is not known says why where its period would stand. */
function kpi(name, value, unit, note, why) {
  const missing = !known(value);
  return h('div', { class: 'kpi' }, h('div', { class: 'kpi-name' }, name), h('div', { class: 'kpi-value' }, missing ? unknown(why) : value, missing ? null : h('span', { class: 'kpi-unit' }, unit)),
    h('div', { class: 'kpi-note', title: missing ? why : undefined }, missing ? why : note));
}

const SIGNS = { critical: '✖', high: '▲', medium: '◆', low: '●' };
function alarms(list, now) {
  if (!list.length) return h('p', { class: 'none' }, 'None.');
  return h('ul', { class: 'alarms' }, list.map((a) => h('li', { key: a.id, class: `alarm ${a.priority}${a.active ? ' active' : ''}${a.acknowledged ? ' acknowledged' : ''}` },
    h('span', { class: 'priority' }, SIGNS[a.priority], ` ${words(a.priority)}`), h('span', { class: 'message' }, a.message),
    h('span', { class: 'about' }, `${a.source}, ${a.active ? '' : 'gone, '}${a.acknowledged ? 'acknowledged' : 'not acknowledged'}, since `, when(a.since, now)))));
}

/** The envelope's properties with their robustness: what must hold before anything moves forward. */
const VERDICTS = { satisfied: '✔', unknown: '?', violated: '✖' };
function properties(list, now) {
  return h('ul', { class: 'alarms', key: 'properties' }, list.map((p) => h('li', { key: p.name, class: `alarm ${p.isMet ? 'low' : 'high active'}`, title: p.formula },
    h('span', { class: 'priority' }, VERDICTS[p.verdict], ` ${p.isMet || p.verdict !== 'satisfied' ? p.verdict : 'too near'}`), h('span', { class: 'message' }, p.name),
    h('span', { class: 'about' }, `robustness ${known(p.robustness) ? number(p.robustness, 3) : 'not known'}, margin ${number(p.margin, 3)}, about `, when(p.about, now)))));
}
