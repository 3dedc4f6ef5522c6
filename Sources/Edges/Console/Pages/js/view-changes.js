// Changes: the open ones as cards, the past ones with what became of them.
import { h } from './dom.js';
import { command } from './act.js';
import { intervalBar } from './charts.js';
import { proposalForm } from './view-propose.js';
import { known, number, percent, signed, span, unit, unknown, when } from './format.js';

const STATES = {
  proving: ['◔', 'being proven on the twin'], awaitingApproval: ['☐', 'waits for approval'], shadow: ['◌', 'shadow: nothing written'], canary: ['◑', 'canary: part of the move'],
  full: ['●', 'full move, being judged'], settled: ['✓', 'kept'], rollingBack: ['↩', 'going back'], rolledBack: ['↩', 'undone'], refused: ['–', 'refused'], rejected: ['–', 'rejected by a person'],
  quarantined: ['✖', 'undone and quarantined'], held: ['❚❚', 'held where it is'],
};
const TROUBLE = ['rollingBack', 'rolledBack', 'quarantined'];

/** Like machines in turn are never all at the move before it is shown. */
const stateName = (c) => (c.pair?.control.length ? ['◑', 'tried on some machines, beside the others'] : c.pair ? ['◑', 'tried in turn with what was before'] : STATES[c.state] ?? ['', c.state]);

export const stateWord = (c) => h('span', { class: `badge ${TROUBLE.includes(c.state) ? 'bad' : ['awaitingApproval', 'held'].includes(c.state) ? 'ask' : 'calm'}` }, stateName(c).join(' '));

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
    h('p', null, 'Claim ', claimed(c), c.realised ? ['; realised so far ', gain(c.realised, '')] : known(c.evidence?.estimate) ? [`; so far `, h('b', null, signed(c.evidence.estimate)), ', no bounds yet'] : '; nothing realised yet'), c.stage ? stages(c, now) : null);
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
          h('td', { class: c.realised ? 'nowrap' : 'note' }, c.realised ? gain(c.realised, '') : ['refused', 'rejected'].includes(c.state) ? 'never in force' : 'too little seen'), h('td', { class: 'why' }, stateWord(c), c.reason ? h('div', { class: 'note' }, c.reason) : null), h('td', { class: 'ended' }, when(c.endedAt, now)),
          h('td', null, c.state === 'settled' ? command('rollback', `changes/${encodeURIComponent(c.id)}/rollback`, '↩ Undo', `undo ${c.id}`) : null)))))) : h('p', { class: 'none' }, 'None yet.')),
  ];
}

/** A reason that only lists the moves, which stand above it. */
const repeats = (c) => c.moves.every((m) => c.reason.includes(m.tag)) && c.reason.includes('→');

function card(c, now) {
  const path = `changes/${encodeURIComponent(c.id)}`;
  const all = [c.claim, c.realised].filter(Boolean);
  const scale = { from: Math.min(0, ...all.map((i) => i.low)), to: Math.max(0, ...all.map((i) => i.high)), width: 320, mark: 0 };
  return h('article', { key: c.id, class: `panel card ${c.state}` },
    h('header', null, h('h3', null, c.id), stateWord(c), h('span', { class: 'aside' }, ` by ${by(c)}, proposed `, when(c.proposedAt, now), c.decidedBy ? `, decided by ${c.decidedBy}` : '', c.quorum > 1 ? `, approved by ${c.approvals.length} of ${c.quorum}` : '')),
    h('div', { class: 'card-body' },
      h('div', null, h('h4', null, 'What moves'), moves(c), c.reason && !repeats(c) ? h('p', { class: 'reason' }, c.reason) : null, h('h4', null, 'Undone by'), h('ul', { class: 'plain' }, c.undoneBy.map((r) => h('li', null, r)))),
      h('div', null, h('h4', null, `What it brings, ${c.claimUnit}`, known(c.horizon) ? h('span', { class: 'aside' }, ` over ${span(c.horizon)}`) : null),
        h('div', { class: 'gain' }, h('span', { class: 'gain-name' }, 'claimed'), known(c.mayLose) ? [h('span', { class: 'gain-none' }), h('span', null, noHarm(c))] : [intervalBar({ ...scale, ...c.claim, label: 'claim' }), h('span', null, gain(c.claim, ''))]),
        h('div', { class: 'gain' }, h('span', { class: 'gain-name' }, 'realised'), c.realised ? intervalBar({ ...scale, ...c.realised, odd: c.realised.high < 0, label: 'realised so far' }) : h('span', { class: 'gain-none' }), h('span', null, c.realised ? gain(c.realised, '') : h('span', { class: 'note' }, ['proving', 'awaitingApproval', 'shadow'].includes(c.state) ? 'nothing is in force yet' : known(c.evidence?.estimate) ? [h('b', null, signed(c.evidence.estimate)), ', no bounds yet'] : 'nothing to tell yet'))),
        h('p', { class: 'note' }, 'The upright mark is zero; bars are intervals.'), c.stage ? [h('h4', null, 'How far it is'), stages(c, now)] : null, evidence(c, now))),
    h('footer', { class: 'actions' },
      c.state === 'awaitingApproval' ? [command('approve', `${path}/approve`, '✓ Approve', `approve ${c.id}`, { class: 'primary', body: () => ({ binding: c.binding }) }), command('reject', `${path}/reject`, '– Reject', `reject ${c.id}`)] : null,
      ['shadow', 'proving'].includes(c.state) ? command('reject', `${path}/reject`, '– Reject', `reject ${c.id}`) : null,
      ['canary', 'full', 'shadow', 'held'].includes(c.state) ? command('rollback', `${path}/rollback`, '↩ Undo now', `undo ${c.id}: everything back to what it was`) : null));
}

function stages(c, now) {
  const { names, index, progress, judgedAfter } = c.stage;
  return h('div', null, h('div', { class: 'stages' }, names.map((name, i) => h('div', { class: `stage ${i < index ? 'done' : i === index ? 'present' : ''}`, 'aria-current': i === index ? 'step' : undefined },
    h('div', { class: 'stage-bar' }, h('div', { class: 'stage-fill', style: { width: `${i < index ? 100 : i === index ? Math.round(progress * 100) : 0}%` } })), h('div', { class: 'stage-name' }, name)))),
  c.pair ? pair(c.pair, now) : c.state === 'held' ? h('p', { class: 'note' }, known(judgedAfter) ? ['Nothing moves; evidence is gathered anew when it goes on. Goes back ', when(judgedAfter, now), ' unless it can go on before.'] : 'Nothing moves while a person has the plant; when it is handed back, the change goes back.')
    : h('p', { class: 'note' }, progress > 0 ? `${percent(progress, 0)} of this stage has passed` : 'this stage has just begun or waits', known(judgedAfter) ? ['; judged after ', when(judgedAfter, now)] : null));
}

/** Who carries the move now, where a stage is run by pairs; the same words as `takt proposals` has. */
function pair({ number: n, of, carrying, control, settling, until, ends }, now) {
  const one = (names, single, several) => `${names.join(', ')} ${names.length > 1 ? several : single}`;
  return h('p', { class: 'note pair' }, h('b', null, carrying.length ? one(carrying, 'carries', 'carry') + ' the move' : 'no machine carries the move'),
    carrying.length && control.length ? `, ${one(control, 'stands', 'stand')} as control` : '', `: pair ${n} of at most ${of}${settling ? ', settling' : ''}, until `, when(until, now), '; decided by ', when(ends, now), ' at the latest');
}

const FINDINGS = { gain: ['a gain', 'kept'], harm: ['harm', 'goes back'], shortfall: ['the claim fails', 'goes back'] };

/** What the judge has seen so far: e-values beside those that decide, on a logarithmic scale. */
function evidence(c, now) {
  const e = c.evidence;
  if (!e) return c.open && ['canary', 'full'].includes(c.state) ? [h('h4', null, 'Evidence so far'), h('p', { class: 'note' }, 'None yet: nothing that counts has been measured since this stage began, or since Takt was started.')] : null;
  const what = e.isPaired ? (e.count === 1 ? 'pair' : 'pairs') : (e.count === 1 ? 'window' : 'windows');
  return [h('h4', null, 'Evidence so far', h('span', { class: 'aside' }, ` ${e.count} ${what} that ${e.count === 1 ? 'counts' : 'count'}, up to `, when(e.until, now))),
    h('table', { class: 'evidence-tests' }, h('tbody', null, e.tests.map((t) => {
      const [name, then] = FINDINGS[t.finding];
      const share = Math.max(0, Math.min(1, t.logE / t.level));
      const found = t.logE >= t.level;
      return h('tr', { key: t.finding, class: found && t.finding !== 'gain' ? 'odd' : '' }, h('th', { scope: 'row' }, name),
        h('td', null, h('div', { class: 'stage-bar', role: 'img', 'aria-label': `${percent(share, 0)} of the way to ${name}` }, h('div', { class: `stage-fill${t.finding === 'gain' ? '' : ' against'}`, style: { width: `${Math.round(100 * share)}%` } }))),
        h('td', { class: 'nowrap' }, 'e-value ', h('b', null, eValue(t.logE)), ` of ${eValue(t.level)}`), h('td', { class: 'note' }, found ? `found: ${then}` : then));
    }))),
    h('p', { class: 'note' }, `${sentence(e.reason)}.`, known(e.needed) ? [` Kept once the gain’s lower bound, ${known(e.low) ? signed(e.low) : 'not known yet'}, reaches ${signed(e.needed)} ${c.claimUnit}.`] : null,
      ' An e-value says how many times over what was seen speaks for the finding; below 1 it speaks against it.')];
}

const eValue = (logE) => (logE > 13.8 ? 'over a million' : logE < -4.6 ? 'below 0.01' : number(Math.exp(logE), 2));
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
