// Loops, as `takt ps` lists them.
import { h } from './dom.js';
import { command } from './act.js';
import { bytes, known, number, or, percent, span, unknown, when, words } from './format.js';

const TROUBLE = { failed: '✖', backingOff: '▲', killed: '■', stopped: '■' };
const RISING = ['shadow', 'advisory', 'supervised', 'closedLoop'];

export function viewLoops({ loops, plantTime: now }) {
  return h('section', { class: 'panel' }, h('h2', null, 'Loops'),
    loops.length ? h('div', { class: 'scroll' }, h('table', { class: 'loops' },
      h('thead', null, h('tr', null, ['Loop', 'Pid', 'Status', 'Authority', 'Every', 'Missed', 'Restarts', 'CPU, memory', 'Claims held', 'Last proposal', ''].map((t) => h('th', { scope: 'col', class: ['Pid', 'Missed', 'Restarts'].includes(t) ? 'num' : '' }, t)))),
      h('tbody', null, loops.map((l) => {
        const path = `loops/${encodeURIComponent(l.name)}`;
        const stopped = ['killed', 'stopped', 'failed'].includes(l.status);
        const top = RISING.indexOf(l.authority) >= RISING.indexOf(l.ceiling);
        return h('tr', { key: l.name, class: TROUBLE[l.status] ? 'odd' : '' },
          h('th', { scope: 'row' }, l.name), h('td', { class: 'num' }, or(known(l.pid) ? String(l.pid) : null, 'no process runs')),
          h('td', { class: 'status' }, h('b', { class: 'nowrap' }, `${TROUBLE[l.status] ?? '▶'} ${words(l.status)}`), l.reason ? h('div', { class: 'note' }, l.reason) : null),
          h('td', null, ladder(l), certificate(l, now)), h('td', { class: 'nowrap' }, span(l.cadence)), h('td', { class: 'num' }, String(l.deadlineMisses)), h('td', { class: 'num' }, String(l.restarts)),
          h('td', { class: 'nowrap' }, known(l.cpu) || known(l.memory) ? [or(percent(l.cpu, 0), 'the system does not tell'), h('br'), or(bytes(l.memory), 'the system does not tell')] : unknown('no process runs')),
          h('td', null, l.record.total ? `${l.record.hits} of ${l.record.total}` : unknown('no claim has been scored yet')),
          h('td', { class: 'said' }, when(l.lastProposal, now, 'none yet'), l.lastAnswer ? h('div', { class: 'note' }, l.lastAnswer.replaceAll('/', '/\u200b')) : null),
          h('td', { class: 'row-actions' },
            stopped ? command('resumeLoop', `${path}/resume`, '▶ Resume', `resume loop ${l.name}`) : command('killLoop', `${path}/kill`, '■ Kill', `kill loop ${l.name}`),
            command('promoteLoop', `${path}/promote`, '↑ Promote', `promote loop ${l.name}`, { disabled: top, title: top ? 'already at the highest authority that the envelope allows' : undefined })));
      })))) : h('p', { class: 'none' }, 'The plant folder declares no loops.'),
    h('p', { class: 'note' }, 'Authority rises from shadow (scored, never written) over advisory and supervised (each change approved) to closed loop; the outlined steps are beyond the envelope’s ceiling.'));
}

/** What stands behind a loop that may close, or why it may not. */
function certificate(l, now) {
  const c = l.certificate;
  if (!c) return null;
  if (!c.isLive) return h('div', { class: 'note' }, `▲ no certificate: ${c.reason ?? 'not known'}`, l.earned && l.earned !== l.authority ? `; with one it would be ${words(l.earned)}` : null);
  return h('div', { class: 'note', title: `certificate ${c.hash}` }, c.source ? h('b', null, `${c.source}: `) : null, `certified at ${percent(c.share, 0)} of the bound, loop gain ${number(c.gainLow, 2)} … ${number(c.gainHigh, 2)}, until `, when(c.expires, now));
}

function ladder(l) {
  const at = RISING.indexOf(l.authority);
  const ceiling = RISING.indexOf(l.ceiling);
  return h('div', { class: 'ladder', title: `${words(l.authority)}; ceiling ${words(l.ceiling)}` },
    RISING.map((_, i) => h('span', { class: `rung ${i <= at ? 'held' : i <= ceiling ? 'open' : 'closed'}` })), h('div', null, words(l.authority)));
}
