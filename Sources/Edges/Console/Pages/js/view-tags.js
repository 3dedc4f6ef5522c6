// What the historian holds, tag by tag: the data engineer's table, sorted by any column.
import { get } from './api.js';
import { h } from './dom.js';
import { bytes, count, fixed, known, number, or, percent, span, unit, when } from './format.js';
import { QUALITY } from './states.js';

const EVERY = 10000;
/** A page holds no more rows: a browser draws 50 000 of them too slowly to be of use. */
const ROWS = 500;
const asked = { answer: null, error: null, at: -Infinity, asking: false };
const view = { text: '', by: 'tag', rising: true };
const FEW = 'fewer than three samples in the last day';
const NONE = 'no sample in the last day';

/** Name, what it sorts by, what it shows, and a word on it. */
const COLUMNS = [
  ['tag', 'Tag', (t) => t.tag],
  ['value', 'Last value', (t) => (known(t.value) ? (Number.isNaN(Number(t.value)) ? t.value : Number(t.value)) : null), (t) => [or(t.value, t.reason), known(t.value) && unit(t.unit) ? ` ${unit(t.unit)}` : '', t.quality && t.quality !== 'good' ? h('span', { class: `quality ${t.quality}` }, ` ${QUALITY[t.quality].sign} ${t.quality}`) : null]],
  ['age', 'Last sample', (t, now) => (known(t.lastAt) ? now - t.lastAt : null), (t, now) => when(t.lastAt, now)],
  ['rate', 'Rate', (t) => t.rate, (t) => or(known(t.rate) ? `${number(t.rate, 3)}/s` : null, NONE), 'samples a second, last day'],
  ['gaps', 'Gaps', (t) => t.gaps, (t) => or(count(t.gaps), FEW), 'silences of more than three times the usual one, last day'],
  ['longest', 'Longest silence', (t) => t.longestSilence, (t) => or(span(t.longestSilence), FEW), 'between two samples, last day'],
  ['lateness', 'Lateness', (t) => t.lateness, (t) => or(span(t.lateness), NONE), 'median of arrival less instant, last day'],
  ['worst', 'Worst', (t) => t.latenessMax, (t) => or(span(t.latenessMax), NONE), 'largest lateness, last day'],
  ['good', 'Good', (t) => t.good, (t) => or(percent(t.good), NONE), 'share of samples, last day'],
  ['uncertain', 'Uncertain', (t) => t.uncertain, (t) => or(percent(t.uncertain), NONE), 'share of samples, last day'],
  ['bad', 'Bad', (t) => t.bad, (t) => or(percent(t.bad), NONE), 'share of samples that are bad or stale, last day'],
  ['distinct', 'Distinct', (t) => t.distinct, (t) => or(known(t.distinct) ? (t.hasMore ? '≥ ' : '') + count(t.distinct) : null, NONE), 'different values, last day'],
  ['samples', 'Samples', (t) => t.samples, (t) => count(t.samples), 'kept, of all time'],
  ['bytes', 'On disk', (t) => t.bytes, (t) => size(t.bytes), 'in block files; what is in memory and in the log alone is not counted'],
  ['each', 'A sample', (t) => t.bytesPerSample, (t) => or(known(t.bytesPerSample) ? `${fixed(t.bytesPerSample, 2)} B` : null, 'no sample is in a block file yet'), 'bytes on disk'],
];

const size = (x) => (x < 1000 ? `${x} B` : bytes(x));

export function viewTags({ plantTime: now }, render) {
  ask(render);
  const { answer, error } = asked;
  if (!answer) return h('section', { class: 'panel', key: 'wait' }, h('p', { class: 'waiting' }, error ?? 'Reading what the historian holds …'));
  const { totals } = answer;
  const fitting = answer.tags.filter((t) => t.tag.toLowerCase().includes(view.text.toLowerCase()));
  const shown = sorted(fitting, now).slice(0, ROWS);
  return [
    h('section', { class: 'kpis', key: 'totals', 'aria-label': 'All tags' },
      kpi('series', count(totals.series), `of ${count(answer.tags.length)} tags`), kpi('samples', count(totals.samples), 'kept, of all time'), kpi('on disk', size(totals.bytes), 'in block files'),
      kpi('bytes a sample', or(fixed(totals.bytesPerSample, 2), 'no sample is in a block file yet'), 'qualities and arrivals included')),
    h('section', { class: 'panel', key: 'tags' },
      h('h2', null, 'Tags', h('span', { class: 'aside' }, ' as of ', when(answer.at, now), error ? `; not newer, for ${error}` : '')),
      h('form', { class: 'search', onsubmit: (e) => e.preventDefault() },
        h('label', null, 'Name contains ', h('input', { type: 'search', value: view.text, oninput: (e) => { view.text = e.target.value; render(); } }))),
      h('div', { class: 'scroll' }, h('table', null,
        h('thead', null, h('tr', null, COLUMNS.map(([id, name, , , note]) => heading(id, name, note, render)))),
        h('tbody', null, shown.map((t) => h('tr', { key: t.tag, class: t.quality === 'bad' || t.quality === 'stale' ? 'odd' : '' },
          COLUMNS.map(([id, , value, cell]) => (id === 'tag' ? h('th', { scope: 'row' }, value(t)) : h('td', { class: id === 'age' ? 'nowrap' : 'num nowrap' }, cell(t, now))))))))),
      shown.length === fitting.length ? null : h('p', { class: 'note' }, `The first ${count(ROWS)} of ${count(fitting.length)}: sort them, or write a part of the name.`),
      shown.length ? null : h('p', { class: 'none' }, 'No tag fits.'),
      h('p', { class: 'note' }, 'Rates, gaps, lateness, qualities and distinct values are those of the last day. Press a heading to sort by it.')),
  ];
}

/** Asks anew when the answer is old; the server decides how often it reads. */
function ask(render) {
  if (asked.asking || performance.now() - asked.at < EVERY) return;
  asked.asking = true;
  get('tags').then((answer) => Object.assign(asked, { answer, error: null }), (error) => { asked.error = error.message; }).finally(() => {
    Object.assign(asked, { asking: false, at: performance.now() });
    render();
  });
}

const kpi = (name, value, note) => h('div', { class: 'kpi', key: name }, h('div', { class: 'kpi-name' }, name), h('div', { class: 'kpi-value' }, value), h('div', { class: 'kpi-note' }, note));

/** A name that sorts: rising first for words, falling first for numbers, for the largest are looked for. */
function heading(id, name, note, render) {
  const isBy = view.by === id;
  const sort = () => {
    Object.assign(view, isBy ? { rising: !view.rising } : { by: id, rising: id === 'tag' });
    render();
  };
  return h('th', { scope: 'col', class: id === 'tag' || id === 'age' ? '' : 'num', 'aria-sort': isBy ? (view.rising ? 'ascending' : 'descending') : 'none' },
    h('button', { type: 'button', class: 'sort', title: note, onclick: sort }, name, isBy ? (view.rising ? ' ▴' : ' ▾') : ''));
}

/** What is not known comes last, whichever way; words count as above all numbers; among equals the name decides. */
function sorted(tags, now) {
  const value = COLUMNS.find(([id]) => id === view.by)[2];
  const sign = view.rising ? 1 : -1;
  const order = (a, b) => {
    if (known(a) !== known(b)) return known(a) ? -1 : 1;
    if (!known(a) || a === b) return 0;
    if (typeof a !== typeof b) return typeof a === 'number' ? -sign : sign;
    return a < b ? -sign : sign;
  };
  const names = (a, b) => (a.tag < b.tag ? -1 : 1);
  return [...tags].sort((a, b) => order(value(a, now), value(b, now)) || names(a, b));
}
