// The ledger: its tail as it grows, older facts on demand, search by kind or change, and the check of the whole chain.
import { h } from './dom.js';
import { get } from './api.js';
import { count, unknown, when } from './format.js';

const search = { kind: '', change: '', facts: null, error: null, verified: null, busy: false };

export function viewLedger({ ledger, plantTime: now }, render) {
  const look = async (from) => {
    const terms = [['kind', search.kind.trim()], ['change', search.change.trim()], ['from', from]].filter(([, v]) => v);
    try {
      const page = await get(`ledger?count=200${terms.map(([k, v]) => `&${k}=${encodeURIComponent(v)}`).join('')}`);
      Object.assign(search, { facts: page.facts, error: null });
    } catch (error) { search.error = error.message; }
    render();
  };
  const verify = async () => {
    search.busy = true;
    render();
    try { search.verified = await get('ledger/verify'); } catch (error) { search.verified = { error: error.message }; }
    search.busy = false;
    render();
  };
  const facts = search.facts ?? ledger.tail;
  const kinds = [...new Set([...ledger.tail, ...(search.facts ?? [])].map((f) => f.kind))].sort();
  return h('section', { class: 'panel' },
    h('h2', null, 'Ledger', h('span', { class: 'aside' }, ` ${count(ledger.count)} facts, head `, ledger.head ? h('code', null, ledger.head.slice(0, 12)) : unknown('the ledger is empty'))),
    h('form', { class: 'search', onsubmit: (e) => { e.preventDefault(); look(); } },
      h('label', null, 'Kind ', h('input', { list: 'kinds', value: search.kind, oninput: (e) => { search.kind = e.target.value; } })), h('datalist', { id: 'kinds' }, kinds.map((k) => h('option', { value: k }))),
      h('label', null, 'Change ', h('input', { size: 8, value: search.change, oninput: (e) => { search.change = e.target.value; } })),
      h('button', { type: 'submit' }, 'Search'),
      search.facts ? h('button', { type: 'button', onclick: () => { Object.assign(search, { facts: null, kind: '', change: '', error: null }); render(); } }, 'Back to the tail') : null,
      facts.length && facts[0].seq > 1 ? h('button', { type: 'button', onclick: () => look(Math.max(1, facts[0].seq - 200)) }, 'Older') : null,
      h('span', { class: 'spring' }), verdict(search.verified), h('button', { type: 'button', class: 'primary', disabled: search.busy, onclick: verify }, search.busy ? 'Verifying …' : 'Verify the chain')),
    search.error ? h('p', { class: 'odd' }, search.error) : null,
    facts.length ? h('div', { class: 'scroll' }, h('table', { class: 'ledger' },
      h('thead', null, h('tr', null, ['No.', 'Plant time (UTC)', 'Fact', 'What', 'Change', 'Hash'].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', null, facts.toReversed().map((f) => h('tr', { key: f.seq },
        h('td', { class: 'num' }, String(f.seq)), h('td', { class: 'nowrap' }, when(f.instant, now)), h('th', { scope: 'row' }, f.kind), h('td', null, f.summary),
        h('td', null, f.change ?? ''), h('td', null, h('code', null, f.hash.slice(0, 12)))))))) : h('p', { class: 'none' }, search.facts ? 'No fact fits.' : 'The ledger is empty.'));
}

function verdict(v) {
  if (!v) return null;
  if (v.error) return h('span', { class: 'odd' }, `Not verified: ${v.error}`);
  return v.intact ? h('span', { class: 'badge calm' }, `✓ intact, ${count(v.count)} facts`) : h('span', { class: 'badge bad' }, `✖ broken at fact ${v.brokenAt}`);
}
