// What is always there: plant time, who controls, whether the twin may be believed, TAKE OVER and HALT.
import { h } from './dom.js';
import { command } from './act.js';
import { me } from './api.js';
import { clock, day, fixed, known, number, span, unknown } from './format.js';

const MODES = {
  automatic: ['AUTOMATIC', 'loops may move set-points within their authority'],
  manual: ['▣ TAKEN OVER', 'a person controls; nothing is written'],
  halted: ['■ HALTED', 'nothing is written'],
};

export function topBar(snapshot, link, dialogs) {
  const s = snapshot;
  const mode = s?.mode.kind;
  return [
    h('div', { class: 'plant', key: 'plant' }, h('div', { class: 'title' }, s ? s.plant : 'Takt'),
      h('div', { class: 'sub', title: s ? `${s.path}, revision ${s.revision}` : '' }, s ? `revision ${s.revision.slice(0, 8)}` : '')),
    h('div', { class: 'cell', key: 'time' }, h('div', { class: 'cell-name' }, 'Plant time, UTC'), h('div', { class: 'cell-value' }, s ? clock(s.plantTime) : unknown('no snapshot yet')),
      h('div', { class: 'sub' }, s ? `${day(s.plantTime)}${known(s.speed) ? `, ${number(s.speed, 2)}×` : ', speed not known'}` : '')),
    h('div', { class: `cell mode ${mode ?? ''}`, key: 'mode' }, h('div', { class: 'cell-name' }, 'Control'), h('div', { class: 'cell-value' }, mode ? MODES[mode][0] : unknown('no snapshot yet')),
      h('div', { class: 'sub', title: s?.mode.reason ?? '' }, mode ? [s.mode.by && mode !== 'automatic' ? `by ${s.mode.by}` : known(s.mode.since) ? 'since' : '', known(s.mode.since) ? ` ${clock(s.mode.since)}` : ''] : '')),
    h('a', { class: `cell twin ${s ? (known(s.twin.valid) ? (s.twin.valid ? 'valid' : 'invalid') : 'unknown') : ''}`, key: 'twin', href: '#twin', title: s?.twin.reason ?? '' }, h('div', { class: 'cell-name' }, 'Twin'),
      h('div', { class: 'cell-value' }, s ? (known(s.twin.valid) ? (s.twin.valid ? '✓ valid' : '✖ not valid') : '? not calibrated') : '—'),
      h('div', { class: 'sub' }, s ? [known(s.twin.score) ? `score ${fixed(s.twin.score, 2)}` : 'no score', known(s.twin.validUntil) && s.twin.valid ? `, for ${span(s.twin.validUntil - s.plantTime)}` : ''] : '')),
    h('div', { class: 'spring', key: 'spring' }),
    link === false ? h('div', { class: 'cell lost', key: 'link', role: 'alert' }, h('div', { class: 'cell-value' }, '✖ no link'), h('div', { class: 'sub' }, 'what you see is old')) : null,
    h('div', { class: 'who', key: 'who' }, me.signedIn ? [h('div', { class: 'sub', title: me.roles.join(', ') }, h('b', null, me.name), ` ${me.roles.join(', ')}`), h('button', { type: 'button', class: 'quiet', onclick: dialogs.signOut }, 'Sign out')]
      : h('button', { type: 'button', class: 'quiet', onclick: dialogs.signIn }, 'Sign in')),
    mode === 'manual' ? command('rearm', 'rearm', 'RE-ARM', 're-arm: the loops get the line back', { class: 'big' })
      : command('takeOver', 'takeover', 'TAKE OVER', 'take over: set-points stay where they are, loops write nothing', { class: 'big', disabled: mode === 'halted' }),
    mode === 'halted' ? command('resume', 'resume', 'RESUME', 'resume after the halt', { class: 'big' })
      : command('halt', 'halt', '■ HALT', 'halt: stop all writing and go to the hold policy', { class: 'big halt', body: () => ({ reason: 'halted at the console' }) }),
  ];
}
