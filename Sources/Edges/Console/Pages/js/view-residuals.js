// Residuals: reality less what was expected, over time; the tests for change; the changes found; how forecasts fared.
import { h } from './dom.js';
import { calibrated } from './calibrated.js';
import { duration, oddness, stripAxis, stripChart, transformHistogram } from './pictures.js';
import { count, fixed, known, number, percent, span, unknown, when } from './format.js';
import { rerunPanel, waiting } from './rerun.js';
import { validityWord } from './view-twin.js';

const NAMES = { cycle: 'cycle time', failures: 'time to failure', repairs: 'repairs', microstops: 'time to short stop', shortStops: 'short stops', scrap: 'scrap', throughput: 'throughput' };
const EMPTY = {
  cycle: 'none yet: needs 20 parts, or the machine’s own speed, between two calibrations', failures: 'no failure yet', repairs: 'no repair has ended yet', microstops: 'no short stop yet',
  shortStops: 'no short stop has ended yet', scrap: 'none yet: needs 50 parts between two calibrations', throughput: 'no forecast has been scored yet',
};
const view = { order: 'line' };

export function viewResiduals(snapshot, render) {
  const state = calibrated('twin/residuals', snapshot, render);
  if (!state.answer) return waiting(state);
  const now = snapshot.plantTime;
  const { series, changes, forecasts, rerun } = state.answer;
  return [
    waiting(state),
    h('div', { class: 'two gap', key: 'verdict' },
      h('section', { class: 'panel', key: 'validity' },
        h('h2', null, 'May the twin be believed?'),
        h('div', { class: 'verdict' }, validityWord(snapshot.twin), h('p', { class: 'reason' }, snapshot.twin.reason)),
        h('dl', { class: 'facts' }, h('div', null, h('dt', null, 'Valid until'), h('dd', null, when(snapshot.twin.validUntil, now, 'it is not valid now')))),
        h('h2', { class: 'below' }, 'Changes found'),
        changes.length ? h('ul', { class: 'found' }, changes.map((c) => found(c, now))) : h('p', { class: 'none' }, series.some((s) => s.count) ? 'None: every activity keeps to the law that it is known by.' : 'None yet: a test begins once residuals come.')),
      h('section', { class: 'panel', key: 'forecasts' },
        h('h2', null, 'Forecasts, scored before they were looked at'),
        forecasts.transforms.length ? scores(forecasts) : h('p', { class: 'none' }, `No forecast has been scored yet: the first one looks ${span(forecasts.horizon)} ahead.`))),
    h('section', { class: 'panel', key: 'strips' },
      h('h2', null, 'Residuals', h('span', { class: 'aside' }, ' in standard deviations of what was expected; the band holds nine of ten while the twin is right')),
      h('form', { class: 'search', onsubmit: (e) => e.preventDefault() }, h('span', null, 'Order:'), [['line', 'as the line runs'], ['evidence', 'most evidence of a change first']].map(([order, text]) =>
        h('label', { class: 'check', key: order }, h('input', { type: 'radio', name: 'order', checked: view.order === order, onchange: () => { view.order = order; render(); } }), ` ${text}`))),
      series.length ? strips(series, changes, now) : h('p', { class: 'none' }, 'No residual yet: the twin must have been calibrated once before it can expect anything.')),
    rerunPanel(rerun),
  ];
}

const found = (c, now) => h('li', { key: `${c.alarmed} ${c.kind}`, class: c.open ? 'open' : '' },
  h('b', null, `${c.open ? '▲ ' : ''}${c.words}`), h('div', { class: 'note' }, c.open ? 'being learnt anew' : 'learnt anew', '; began ', when(c.since, now), c.latest > c.earliest ? `, within ${span(c.latest - c.earliest)} (90 %)` : '', '; found ', when(c.alarmed, now)));

function scores(forecasts) {
  const n = forecasts.transforms.length;
  const misses = forecasts.transforms.filter((u) => u < 0.05 || u > 0.95).length;
  return h('div', null, h('figure', { class: 'pit' }, h('figcaption', null, `Where reality fell among the foretold trajectories, ${n} forecast${n > 1 ? 's' : ''} of ${span(forecasts.horizon)}`), transformHistogram(forecasts.transforms)),
    h('p', null, h('b', null, `${n - misses} of ${n}`), ' fell inside their 90 % interval', known(forecasts.coverage) ? ` (${percent(forecasts.coverage, 0)}).` : '.',
      h('span', { class: 'note' }, n < 10 ? ' Few forecasts: an uneven picture says little yet.' : ' Even bars (the dashed line) mean that the intervals are as wide as they should be.')));
}

function strips(series, changes, now) {
  const all = series.flatMap((s) => s.instants);
  const [from, to] = all.length ? [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))] : [now - 1, now];
  const list = view.order === 'line' ? series : series.toSorted((a, b) => (b.evidence ?? 0) - (a.evidence ?? 0));
  return h('div', { class: 'strips' }, h('div', { key: 'axis', class: 'strip-row head' }, h('span', null, 'UTC'), stripAxis(from, to), h('span', null, 'evidence of a change')),
    list.map((s, i) => strip(s, changes, from, to, view.order !== 'line' || list[i - 1]?.station !== s.station)));
}

function strip(s, changes, from, to, first) {
  const dates = changes.filter((c) => c.kind === s.kind && (c.station === s.station || (s.kind === 'throughput' && !known(c.station)))).map((c) => c.since);
  const inside = s.z.filter((z) => Math.abs(z) <= 1.64).length;
  const last = s.z.at(-1);
  const show = (x) => (s.unit === 's' ? duration(x) : s.kind === 'scrap' ? percent(x, 1) : number(x, 3));
  return h('div', { key: `${s.station} ${s.kind}`, class: `strip-row${first ? ' first' : ''}${known(s.changedAt) ? ' changed' : ''}` },
    h('div', { class: 'strip-name' }, h('b', null, first ? s.station : h('span', { class: 'sr' }, s.station)), ' ', NAMES[s.kind] ?? s.kind,
      s.z.length ? h('div', { class: 'note' }, h('span', { class: oddness(last) }, `${oddness(last) === 'in' ? '' : '▲ '}${last > 0 ? '+' : ''}${fixed(last, 1)} σ`), `: ${show(s.observed.at(-1))}, expected ${show(s.expected.at(-1))}`) : null),
    s.z.length ? stripChart(s, from, to, dates) : h('p', { class: 'none' }, EMPTY[s.kind] ?? 'none yet'),
    h('div', { class: 'strip-test' }, evidence(s), s.z.length ? h('div', { class: 'note' }, `${inside} of ${s.z.length} inside${s.count > s.z.length ? `, ${count(s.count)} in all` : ''}`) : null));
}

/** The evidence as a share of what ends trust. */
function evidence(s) {
  if (!known(s.evidence)) return unknown('nothing to test yet');
  const changed = known(s.changedAt);
  const share = Math.max(0, Math.min(1, s.evidence));
  return h('div', { class: 'evidence' }, h('svg', { width: 130, height: 16, viewBox: '0 0 130 16', role: 'meter', 'aria-valuenow': share, 'aria-valuemin': 0, 'aria-valuemax': 1, 'aria-label': 'evidence of a change, as a share of what ends trust' },
    h('rect', { class: 'basin', x: 0, y: 3, width: 120, height: 10 }), h('rect', { class: changed || share >= 1 ? 'score odd' : 'score', x: 0, y: 3, width: 120 * share, height: 10 }), h('line', { class: 'mark', x1: 120, x2: 120, y1: 0, y2: 16 })),
  h('span', null, changed ? h('b', { class: 'far' }, '▲ changed') : percent(share, 0)));
}
