// A change by hand: a small form that asks for what `takt propose` asks for.
import { h } from './dom.js';
import { notice } from './act.js';
import { may, me, post } from './api.js';
import { known, number, unit } from './format.js';

let busy = false;

/** @param setpoints what may be written, with its limits, as the snapshot has them. */
export function proposalForm(setpoints) {
  const allowed = may('propose');
  if (!setpoints.length) return null;
  return h('section', { key: 'propose', class: 'panel' }, h('h2', null, 'Propose a change'),
    allowed
      ? h('form', { key: 'form', class: 'propose', onsubmit: (event) => { event.preventDefault(); submit(event.target); } },
        h('label', null, 'Set-point', h('select', { name: 'tag' }, setpoints.map((s) => h('option', { key: s.tag, value: s.tag }, `${s.tag} (${number(s.low, 4)} … ${number(s.high, 4)} ${unit(s.unit)}${known(s.now) ? `, now ${number(s.now, 4)}` : ''})`)))),
        h('label', null, 'New value', h('input', { name: 'value', type: 'number', step: 'any', required: true })),
        h('label', { class: 'wide' }, 'Because', h('input', { name: 'because', type: 'text', required: true, maxlength: '500', placeholder: 'why, for whoever approves it' })),
        h('label', null, 'Gain claimed, per hour (may be left out)', h('input', { name: 'gain', type: 'number', step: 'any', min: '0' })),
        h('button', { type: 'submit', class: 'primary' }, 'Propose'))
      : h('p', { class: 'none' }, me.signedIn ? `${me.name} has no role for this.` : 'Sign in to propose a change.'),
    h('p', { class: 'note' }, 'It is proven on the twin, approved by another person, goes out in stages, and is judged. Without a claimed gain it has to show only that it does no harm.'));
}

async function submit(form) {
  if (busy) return;
  busy = true;
  const field = (name) => form.elements[name].value.trim();
  const body = { targets: [{ tag: field('tag'), value: Number(field('value')) }], because: field('because') };
  if (field('gain')) body.gain = Number(field('gain'));
  try {
    const { change } = await post('proposals', body);
    notice(`Proposed: ${change ?? field('tag')}`, 'done');
    form.reset();
  } catch (error) {
    notice(`Not proposed. ${error.message}`, 'refused');
  } finally {
    busy = false;
  }
}
