// What is wrong with the data today: health tag by tag, and what acquisition has counted.
import { h } from './dom.js';
import { count, known, number, or, span, unit, when } from './format.js';
import { QUALITY } from './states.js';

const filter = { text: '', troubled: false };
const inTrouble = (t) => t.quality !== 'good' || Boolean(t.reason);

export function viewData({ data, plantTime: now }, render) {
  const bad = data.tags.filter(inTrouble).length;
  const shown = data.tags.filter((t) => (!filter.troubled || inTrouble(t)) && t.tag.toLowerCase().includes(filter.text.toLowerCase()));
  return [
    h('section', { class: 'kpis', key: 'counters', 'aria-label': 'Acquisition' },
      h('div', { class: bad ? 'kpi odd' : 'kpi' }, h('div', { class: 'kpi-name' }, 'Tags in trouble'), h('div', { class: 'kpi-value' }, bad ? `▲ ${bad}` : '0', h('span', { class: 'kpi-unit' }, ` of ${data.tags.length}`)), h('div', { class: 'kpi-note' }, 'now')),
      data.counters.map((c) => h('div', { key: c.name, class: c.isFault && c.count > 0 ? 'kpi odd' : 'kpi' }, h('div', { class: 'kpi-name' }, c.name), h('div', { class: 'kpi-value' }, c.isFault && c.count > 0 ? '▲ ' : '', count(c.count)), h('div', { class: 'kpi-note' }, 'since the start')))),
    h('section', { class: 'panel', key: 'tags' },
      h('h2', null, 'Tags'),
      h('form', { class: 'search', onsubmit: (e) => e.preventDefault() },
        h('label', null, 'Name contains ', h('input', { type: 'search', value: filter.text, oninput: (e) => { filter.text = e.target.value; render(); } })),
        h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: filter.troubled, onchange: (e) => { filter.troubled = e.target.checked; render(); } }), ' only those in trouble')),
      h('div', { class: 'scroll' }, h('table', null,
        h('thead', null, h('tr', null, ['Tag', 'Last value', 'Quality', 'Last sample', 'Rate', 'Lateness', 'What is wrong'].map((t) => h('th', { scope: 'col', class: ['Last value', 'Rate', 'Lateness'].includes(t) ? 'num' : '' }, t)))),
        h('tbody', null, shown.map((t) => h('tr', { key: t.tag, class: t.quality === 'bad' || t.quality === 'stale' ? 'odd' : '' },
          h('th', { scope: 'row' }, t.tag), h('td', { class: 'num nowrap' }, or(t.value, t.reason ?? 'no sample yet'), t.value && unit(t.unit) ? ` ${unit(t.unit)}` : ''),
          h('td', { class: `nowrap quality ${t.quality}` }, `${QUALITY[t.quality].sign} ${t.quality}`), h('td', { class: 'nowrap' }, when(t.lastAt, now)),
          h('td', { class: 'num nowrap' }, or(known(t.perMinute) ? `${number(t.perMinute, 3)}/min` : null, 'too few samples to tell')), h('td', { class: 'num nowrap' }, or(span(t.lateness), 'no sample yet')),
          h('td', null, t.reason ?? '')))))),
      shown.length ? null : h('p', { class: 'none' }, 'No tag fits.')),
  ];
}
