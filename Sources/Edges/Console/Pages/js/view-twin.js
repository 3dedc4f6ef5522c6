// Twin beside reality: may it be believed, what did it foretell, what has it learnt, and where does reality differ.
import { command } from './act.js';
import { h } from './dom.js';
import { differenceChart, forecastChart, intervalBar, residualBar, residualTrace } from './charts.js';
import { along, fixed, known, number, or, percent, quantityKind, quantityName, signed, span, spanUnit, unit, unknown, when } from './format.js';

export function viewTwin(snapshot) {
  const { twin, forecast, plantTime: now } = snapshot;
  const reference = references(twin, now);
  const drifted = twin.references.some((r) => known(r.drift));
  return [
    h('section', { class: 'panel validity', key: 'validity' },
      h('h2', null, 'May the twin be believed?'),
      h('div', { class: 'verdict' }, validityWord(twin), gauge(twin), h('p', { class: 'reason' }, twin.reason)),
      h('dl', { class: 'facts' },
        fact('Valid until', when(twin.validUntil, now, 'not valid')), fact('Calibrated', when(twin.calibratedAt, now, 'not yet')),
        fact('Calibration', twin.calibrating ? 'running now' : 'waits for the next window'))),
    // What waits for a person comes first.
    drifted ? reference : null,
    h('section', { class: 'panel', key: 'forecast' },
      h('h2', null, 'Forecast and reality', forecast ? h('span', { class: 'aside' }, ` ${forecast.quantity}, forecast made `, when(forecast.at, now)) : null),
      forecast?.points.length ? [h('div', { class: 'charts' }, h('figure', null, h('figcaption', null, `${forecast.quantity}, counted since then, with the ${Math.round(forecast.coverage * 100)} % band`), forecastChart(forecast)),
        h('figure', null, h('figcaption', null, 'the same, less the forecast’s middle'), differenceChart(forecast))), standing(forecast)] : h('p', { class: 'none' }, 'No forecast yet: the twin makes the first one after its first calibration.')),
    h('section', { class: 'panel', key: 'residuals' },
      h('h2', null, 'Where reality differs', h('span', { class: 'aside' }, ' in standard deviations of the forecast; beyond ±2 is unusual')),
      twin.residuals.length ? residuals(twin.residuals, snapshot.line.stations) : h('p', { class: 'none' }, 'Nothing to compare yet.')),
    drifted ? null : reference,
    h('section', { class: 'panel', key: 'estimates' },
      h('h2', null, 'What the twin has learnt', h('span', { class: 'aside' }, ' 90 % intervals; the upright mark is the design’s value')),
      twin.estimates.length ? estimates(twin.estimates) : h('p', { class: 'none' }, 'Nothing before the first calibration.')),
  ];
}

const fact = (name, value) => h('div', null, h('dt', null, name), h('dd', null, value));

export function validityWord(twin) {
  if (!known(twin.valid)) return h('span', { class: 'badge unknown' }, '? not calibrated');
  return twin.valid ? h('span', { class: 'badge calm' }, '✓ valid') : h('span', { class: 'badge bad' }, '✖ not valid');
}

function gauge(twin) {
  if (!known(twin.score)) return h('span', { class: 'none' }, 'no score yet');
  return h('div', { class: 'gauge-row' },
    h('svg', { class: 'gauge', width: 260, height: 26, viewBox: '0 0 260 26', role: 'meter', 'aria-valuenow': twin.score, 'aria-valuemin': 0, 'aria-valuemax': 1, 'aria-label': 'validity score' },
      h('rect', { class: 'basin', x: 0, y: 5, width: 260, height: 16 }),
      h('rect', { class: twin.valid ? 'score' : 'score odd', x: 0, y: 5, width: 260 * Math.max(0, Math.min(1, twin.score)), height: 16 }),
      known(twin.threshold) ? h('line', { class: 'mark', x1: 260 * twin.threshold, x2: 260 * twin.threshold, y1: 0, y2: 26 }) : null),
    h('span', null, h('b', null, fixed(twin.score, 2)), known(twin.threshold) ? ` — needs ${fixed(twin.threshold, 2)}` : ''));
}

/** The latest point that has a reality, in words. */
function standing(forecast) {
  const point = forecast.points.findLast((p) => known(p.actual));
  if (!point) return h('p', { class: 'none' }, 'Nothing has come since it was made.');
  const inside = point.actual >= point.low && point.actual <= point.high;
  return h('p', { class: inside ? 'standing' : 'standing odd' },
    `${inside ? 'Inside the band' : point.actual < point.low ? '▲ Below the band' : '▲ Above the band'}: `,
    h('b', null, number(point.actual, 4)), ` came, ${number(point.median, 4)} foretold (${number(point.low, 4)} … ${number(point.high, 4)}), ${Math.round(point.minutes)} min after it was made.`);
}

/** Those beyond ±2 first, then along the line. */
function residuals(all, stations) {
  const place = new Map(stations.map((s, i) => [s.name, i]));
  const rank = (r) => (Math.abs(r.z) > 2 ? -1000 : 0) + (place.get(r.station) ?? stations.length);
  const list = all.toSorted((a, b) => rank(a) - rank(b));
  return h('div', { class: 'scroll' }, h('table', null,
    h('thead', null, h('tr', null, ['Station', 'Quantity', 'Observed', 'Expected', 'Difference', '', 'Lately'].map((t, i) => h('th', { scope: 'col', class: i > 1 && i < 5 ? 'num' : '' }, t)))),
    h('tbody', null, list.map((r) => h('tr', { key: `${r.station} ${r.quantity}`, class: Math.abs(r.z) > 2 ? 'odd' : '' },
      h('th', { scope: 'row' }, r.station), h('td', null, quantityName(r.quantity)), ...measured(r).map((text) => h('td', { class: 'num' }, or(text))),
      h('td', { class: 'num' }, h('b', null, `${Math.abs(r.z) > 2 ? '▲ ' : ''}${sigmas(r.z)}`)), h('td', null, residualBar(r.z)), h('td', null, residualTrace(r.recent) ?? unknown('too few windows yet')))))));
}

/** Observed and expected, in one unit. */
function measured({ quantity, observed, expected }) {
  const kind = quantityKind(quantity);
  if (kind === 'share') return [percent(observed), percent(expected)];
  if (kind !== 's' || !known(observed) || !known(expected)) return [number(observed, 4), number(expected, 4)];
  const [divisor, name] = spanUnit(Math.max(Math.abs(observed), Math.abs(expected)));
  return [observed, expected].map((x) => `${number(x / divisor, 3)} ${name}`);
}

const sigmas = (z) => `${z > 0.05 ? '+' : ''}${fixed(z, 1).replace('−0.0', '0.0')} σ`;

function references({ references: list, referenceInterval: interval }, now) {
  if (!list.length) return null;
  return h('section', { class: 'panel', key: 'references' },
    h('h2', null, 'Against commissioning', h('span', { class: 'aside' }, ' how far each stream has gone from its frozen reference, in standard deviations of a sample', known(interval) ? ` of ${span(interval)}` : '')),
    quarantine(list), commissioning(list, interval), streams(list, now));
}

function streams(list, now) {
  return h('div', { class: 'scroll' }, h('table', null,
    h('thead', null, h('tr', null, ['Station', 'Quantity', 'Reference', 'Distance', '', 'Sum, of the one that ends trust'].map((t, i) => h('th', { scope: 'col', class: i === 3 || i === 5 ? 'num' : '' }, t)))),
    h('tbody', null, list.map((r, i) => h('tr', { key: `${r.station} ${r.quantity}`, class: `${list[i - 1]?.station === r.station ? 'same' : ''}${known(r.drift) ? ' odd' : ''}` },
      h('th', { scope: 'row' }, r.station), h('td', null, STREAMS[r.quantity] ?? r.quantity),
      h('td', null, known(r.since) ? ['since ', when(r.since, now)] : h('span', { class: 'note' }, `being commissioned: ${r.samples} of ${r.commissioning} samples`)),
      h('td', { class: 'num' }, known(r.distance) ? h('b', null, sigmas(r.distance)) : null), h('td', null, known(r.distance) ? residualBar(r.distance) : null),
      h('td', { class: 'num' }, known(r.drift) ? h('b', { class: 'far' }, '▲ drifted') : known(r.strain) ? `${Math.round(100 * r.strain)} %` : null))))));
}

const STREAMS = { scrap: 'rejected share', cycle: 'work on a part', microstops: 'short stops, how often' };

/** Until a reference stands slow drift goes into the belief unseen: how many do, and when the last will. */
function commissioning(list, interval) {
  const left = list.filter((r) => !known(r.since));
  if (!left.length) return null;
  const most = Math.max(...left.map((r) => r.commissioning - r.samples));
  return h('p', { class: 'reason' }, left.length === list.length ? 'No reference stands yet' : `${left.length} of ${list.length} references do not stand yet`,
    ': while they are being commissioned a drift that is slow enough to pass the tests for change is not found.', known(interval) ? ` The last will stand in about ${span(most * interval)}, where nothing interrupts it.` : '');
}

/** What drifted, and the engineer's two ways out. */
function quarantine(list) {
  const drifts = list.filter((r) => known(r.drift));
  if (!drifts.length) return null;
  const why = () => ({ reason: document.getElementById('drift-because').value });
  return h('div', { key: 'quarantine', class: 'quarantine' },
    h('p', null, h('b', null, '▲ The twin is quarantined: '), 'loops see none, and no change is armed, until an engineer says what it was.'),
    h('ul', { class: 'plain' }, drifts.map((r) => h('li', { key: `${r.station} ${r.quantity}` }, r.drift))),
    h('form', { class: 'propose', onsubmit: (event) => event.preventDefault() },
      h('label', { class: 'wide' }, 'Because', h('input', { id: 'drift-because', type: 'text', maxlength: '500', placeholder: 'why, for the ledger' })),
      command('settleDrift', 'twin/accept', 'Accept as the new reference', 'accept what the plant is now as the reference', { body: why }),
      command('settleDrift', 'twin/mended', 'Cause removed', 'keep the old reference: the cause was removed', { body: why })));
}

function estimates(list) {
  return h('div', { class: 'scroll' }, h('table', null,
    h('thead', null, h('tr', null, ['Station', 'Parameter', 'Learnt', 'Interval', 'Design', ''].map((t, i) => h('th', { scope: 'col', class: i > 1 && i < 5 ? 'num' : '' }, t)))),
    h('tbody', null, list.map((e, i) => {
      const odd = known(e.design) && (e.design < e.low || e.design > e.high);
      const share = e.unit === '1' && Math.abs(e.high) < 1;
      const [divisor, name] = e.unit === 's' ? spanUnit(e.mean) : [1, e.unit === '1' ? '' : unit(e.unit)];
      const width = (e.high - e.low) * (share ? 100 : 1 / divisor);
      const show = (x) => (!known(x) ? null : share ? `${along(100 * x, width)} %` : along(typeof x === 'number' ? x / divisor : x, width));
      return h('tr', { key: `${e.station} ${e.parameter}`, class: list[i - 1]?.station === e.station ? 'same' : '' },
        h('th', { scope: 'row' }, e.station), h('td', null, quantityName(e.parameter)), h('td', { class: 'num' }, h('b', null, or(show(e.mean))), ` ${name}`),
        h('td', { class: 'num' }, `${show(e.low) ?? '—'} … ${show(e.high) ?? '—'}`), h('td', { class: 'num' }, or(show(e.design), 'the design has no value')),
        h('td', null, intervalBar({ low: e.low, mean: e.mean, high: e.high, mark: e.design, odd, label: odd ? 'the design lies outside the interval' : 'interval' }), odd ? h('span', { class: 'note' }, ' design outside') : null));
    }))));
}
