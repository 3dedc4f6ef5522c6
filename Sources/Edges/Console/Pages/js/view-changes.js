// Changes: the open ones as cards, the past ones with what became of them.
import { h } from './dom.js';
import { command } from './act.js';
import { intervalBar } from './charts.js';
import { proposalForm } from './view-propose.js';
import { known, number, percent, signed, span, unit, unknown, when } from './format.js';

const STATES = {
  proving: ['◔', 'being proven on the twin'], awaitingApproval: ['☐', 'waits for approval'], shadow: ['◌', 'shadow: nothing written'], canary: ['◑', 'canary: part of the move'],
  full: ['●', 'full move, being judged'], settled: ['✓', 'kept'], rollingBack: ['↩', 'going back'], rolledBack: ['↩', 'undone'], refused: ['–', 'refused'], rejected: ['–', 'rejected by a person'],
  quarantined: ['✖', 'undone and quarantined'],
};
const TROUBLE = ['rollingBack', 'rolledBack', 'quarantined'];

export const stateWord = (c) => h('span', { class: `badge ${TROUBLE.includes(c.state) ? 'bad' : c.state === 'awaitingApproval' ? 'ask' : 'calm'}` }, `${STATES[c.state]?.[0] ?? ''} ${STATES[c.state]?.[1] ?? c.state}`);

const by = (c) => (c.proposer ? `${c.proposer}, by hand` : `loop ${c.loop}`);

const noHarm = (c) => `no gain; at most ${percent(c.mayLose, 1)} may be lost`;

const claimed = (c) => (known(c.mayLose) ? noHarm(c) : gain(c.claim, c.claimUnit));

const gain = (i, u) => [h('b', null, signed(i.mean)), ` ${u}`, h('span', { class: 'range-text' }, ` (${signed(i.low)} … ${signed(i.high)})`)];

const moves = (c) => h('ul', { class: 'moves' }, c.moves.map((m) => h('li', { key: m.tag },
  h('span', { class: 'tag' }, m.tag), ' ', h('span', { class: 'nowrap' }, number(m.from, 4), ' → ', h('b', null, number(m.to, 4)), ` ${unit(m.unit).replace(/^\//, '1/')}`),
  c.open ? h('span', { class: 'nowmark' }, ' now ', known(m.now) ? number(m.now, 4) : unknown('no read-back yet')) : null)));

/** One line for other pages. */
export function brief(c, now) {
  return h('div', { class: 'brief', key: c.id }, h('a', { href: '#changes', class: 'id' }, c.id), ' ', stateWord(c), moves(c),
    h('p', null, 'Claim ', claimed(c), c.realised ? ['; realised so far ', gain(c.realised, '')] : '; nothing realised yet'), c.stage ? stages(c, now) : null);
}

export function viewChanges({ changes, setpoints, plantTime: now }) {
  const open = changes.filter((c) => c.open);
  const past = changes.filter((c) => !c.open);
  return [
    h('section', { key: 'open', class: 'cards' }, h('h2', { class: 'sr' }, 'Open changes'),
      open.length ? open.map((c) => card(c, now)) : h('div', { class: 'panel' }, h('p', { class: 'none' }, 'No change is open. Loops propose when they find a gain that is worth its risk.'))),
    proposalForm(setpoints ?? []),
    h('section', { key: 'past', class: 'panel' }, h('h2', null, 'Past changes'),
      past.length ? h('div', { class: 'scroll' }, h('table', null,
        h('thead', null, h('tr', null, ['Change', 'By', 'Moves', 'Claimed', 'Realised', 'Outcome', 'Ended', ''].map((t) => h('th', { scope: 'col' }, t)))),
        h('tbody', null, past.map((c) => h('tr', { key: c.id },
          h('th', { scope: 'row' }, c.id), h('td', null, c.proposer ?? c.loop), h('td', null, moves(c)), h('td', { class: known(c.mayLose) ? '' : 'nowrap' }, claimed(c)),
          h('td', { class: 'nowrap' }, c.realised ? gain(c.realised, '') : unknown('never in force')), h('td', { class: 'why' }, stateWord(c), c.reason ? h('div', { class: 'note' }, c.reason) : null), h('td', { class: 'ended' }, when(c.endedAt, now)),
          h('td', null, c.state === 'settled' ? command('rollback', `changes/${encodeURIComponent(c.id)}/rollback`, '↩ Undo', `undo ${c.id}`) : null)))))) : h('p', { class: 'none' }, 'None yet.')),
  ];
}

function card(c, now) {
  const path = `changes/${encodeURIComponent(c.id)}`;
  const all = [c.claim, c.realised].filter(Boolean);
  const scale = { from: Math.min(0, ...all.map((i) => i.low)), to: Math.max(0, ...all.map((i) => i.high)), width: 320, mark: 0 };
  return h('article', { key: c.id, class: `panel card ${c.state}` },
    h('header', null, h('h3', null, c.id), stateWord(c), h('span', { class: 'aside' }, ` by ${by(c)}, proposed `, when(c.proposedAt, now), c.decidedBy ? `, decided by ${c.decidedBy}` : '', c.quorum > 1 ? `, approved by ${c.approvals.length} of ${c.quorum}` : '')),
    h('div', { class: 'card-body' },
      h('div', null, h('h4', null, 'What moves'), moves(c), c.reason ? h('p', { class: 'reason' }, c.reason) : null, h('h4', null, 'Undone by'), h('ul', { class: 'plain' }, c.undoneBy.map((r) => h('li', null, r)))),
      h('div', null, h('h4', null, `What it brings, ${c.claimUnit}`, known(c.horizon) ? h('span', { class: 'aside' }, ` over ${span(c.horizon)}`) : null),
        h('div', { class: 'gain' }, h('span', { class: 'gain-name' }, 'claimed'), known(c.mayLose) ? [h('span', { class: 'gain-none' }), h('span', null, noHarm(c))] : [intervalBar({ ...scale, ...c.claim, label: 'claim' }), h('span', null, gain(c.claim, ''))]),
        h('div', { class: 'gain' }, h('span', { class: 'gain-name' }, 'realised'), c.realised ? intervalBar({ ...scale, ...c.realised, odd: c.realised.high < 0, label: 'realised so far' }) : h('span', { class: 'gain-none' }), h('span', null, c.realised ? gain(c.realised, '') : unknown('nothing is in force yet'))),
        h('p', { class: 'note' }, 'The upright mark is zero; bars are intervals.'), c.stage ? [h('h4', null, 'How far it is'), stages(c, now)] : null)),
    h('footer', { class: 'actions' },
      c.state === 'awaitingApproval' ? [command('approve', `${path}/approve`, '✓ Approve', `approve ${c.id}`, { class: 'primary', body: () => ({ binding: c.binding }) }), command('reject', `${path}/reject`, '– Reject', `reject ${c.id}`)] : null,
      ['shadow', 'proving'].includes(c.state) ? command('reject', `${path}/reject`, '– Reject', `reject ${c.id}`) : null,
      ['canary', 'full', 'shadow'].includes(c.state) ? command('rollback', `${path}/rollback`, '↩ Undo now', `undo ${c.id}: everything back to what it was`) : null));
}

function stages(c, now) {
  const { names, index, progress, judgedAfter } = c.stage;
  return h('div', null, h('div', { class: 'stages' }, names.map((name, i) => h('div', { class: `stage ${i < index ? 'done' : i === index ? 'present' : ''}`, 'aria-current': i === index ? 'step' : undefined },
    h('div', { class: 'stage-bar' }, h('div', { class: 'stage-fill', style: { width: `${i < index ? 100 : i === index ? Math.round(progress * 100) : 0}%` } })), h('div', { class: 'stage-name' }, name)))),
  h('p', { class: 'note' }, progress > 0 ? `${percent(progress, 0)} of this stage has passed` : 'this stage has just begun or waits', known(judgedAfter) ? ['; judged after ', when(judgedAfter, now)] : null),
  c.pair ? pair(c.pair, now) : null);
}

/** Who carries the move now, where a stage is run by pairs; the same words as `takt proposals` has. */
function pair({ number: n, of, carrying, control, settling, until }, now) {
  const one = (names, single, several) => `${names.join(', ')} ${names.length > 1 ? several : single}`;
  return h('p', { class: 'note pair' }, h('b', null, carrying.length ? one(carrying, 'carries', 'carry') + ' the move' : 'no machine carries the move'),
    carrying.length && control.length ? `, ${one(control, 'stands', 'stand')} as control` : '', `: pair ${n} of ${of}${settling ? ', settling' : ''}, until `, when(until, now));
}
