// How a stranger reaches the same calibration again: the command, and the name that it must print.
import { h } from './dom.js';
import { notice } from './act.js';
import { iso } from './format.js';

export function rerunPanel(rerun) {
  return h('section', { class: 'panel', key: 'rerun' },
    h('h2', null, 'Same seed, same twin', h('span', { class: 'aside' }, ' the record and the seed give the calibration to the last bit')),
    rerun ? [
      h('div', { class: 'rerun' }, h('code', { class: 'command', tabindex: 0 }, rerun.command),
        h('button', { type: 'button', onclick: () => copy(rerun.command) }, 'Copy')),
      h('p', null, 'must print ', h('code', null, `calibration ${rerun.calibration} at ${iso(rerun.at)}`), ', the one that this page shows.'),
    ] : h('p', { class: 'none' }, 'Nothing to repeat before the first calibration: the twin makes one every few minutes of plant time once telemetry flows.'));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice('Copied: run it on the machine that keeps the record', 'done');
  } catch { notice('The browser does not let the page copy; select the command instead', 'refused'); }
}

/** While an answer is awaited, or where it did not come. */
export function waiting({ answer, error }) {
  if (error) return h('section', { class: 'panel', key: 'error' }, h('p', { class: 'odd' }, `Not loaded: ${error}`));
  return answer ? null : h('p', { class: 'waiting', key: 'waiting' }, 'Asking the twin …');
}
