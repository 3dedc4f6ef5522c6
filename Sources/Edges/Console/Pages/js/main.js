// The page: one snapshot, one view of it, drawn again for each frame of the stream.
import { h, render } from './dom.js';
import { onNotice, notice } from './act.js';
import { follow, learnWhoIAm, may, me, signIn, signOut } from './api.js';
import { topBar } from './topbar.js';
import { viewChanges } from './view-changes.js';
import { viewData } from './view-data.js';
import { viewLedger } from './view-ledger.js';
import { viewLine } from './view-line.js';
import { viewLoops } from './view-loops.js';
import { viewPosterior } from './view-posterior.js';
import { viewResiduals } from './view-residuals.js';
import { viewTags } from './view-tags.js';
import { viewTwin } from './view-twin.js';

const VIEWS = [
  ['line', 'Line', viewLine], ['twin', 'Twin beside reality', viewTwin], ['posterior', 'Posterior', viewPosterior],
  ['residuals', 'Residuals', viewResiduals], ['changes', 'Changes', viewChanges], ['loops', 'Loops', viewLoops],
  ['ledger', 'Ledger', viewLedger], ['data', 'Data', viewData], ['tags', 'Tags', viewTags],
];
const state = { snapshot: null, link: null, stop: null, due: false };
const element = (id) => document.getElementById(id);
const view = () => VIEWS.find(([id]) => `#${id}` === location.hash) ?? VIEWS[0];

/** Draws once for all calls of one turn; not while nobody can see it. */
function draw() {
  if (state.due || document.hidden) return;
  state.due = true;
  setTimeout(() => {
    state.due = false;
    const [id, name, body] = view();
    const s = state.snapshot;
    document.title = s ? `${name} · ${s.plant} · Takt` : 'Takt';
    document.body.classList.toggle('old', state.link === false);
    render(element('bar'), topBar(s, state.link, { signIn: askWhoYouAre, signOut: leave }));
    render(element('tabs'), VIEWS.map(([tab, text]) => h('a', { key: tab, href: `#${tab}`, 'aria-current': tab === id ? 'page' : undefined }, text, badge(tab, s))));
    const main = element('main');
    if (main.dataset.view !== id) { main.replaceChildren(); main.dataset.view = id; }
    render(main, s ? body(s, draw) : h('p', { class: 'waiting' }, may('see') ? 'Waiting for the plant …' : 'Sign in to see the plant.'));
  });
}

/** What asks for attention behind a tab. */
function badge(tab, s) {
  const number = !s ? 0 : tab === 'changes' ? s.changes.filter((c) => c.state === 'awaitingApproval').length
    : tab === 'line' ? s.alarms.filter((a) => a.active && !a.acknowledged).length
      : tab === 'loops' ? s.loops.filter((l) => ['failed', 'backingOff'].includes(l.status)).length
        : tab === 'data' ? s.data.tags.filter((t) => t.quality === 'bad' || t.quality === 'stale').length : 0;
  return number ? h('span', { class: 'count', 'aria-label': `${number} need attention` }, String(number)) : null;
}

function start() {
  state.stop?.();
  state.stop = null;
  if (may('see')) state.stop = follow((s) => { state.snapshot = s; draw(); }, (up) => { if (state.link !== up) { state.link = up; draw(); } });
  else { state.snapshot = null; askWhoYouAre(); }
  draw();
}

function askWhoYouAre() {
  element('signin-error').textContent = '';
  // Not modal: TAKE OVER and HALT stay within one press.
  element('signin').show();
  element('signin-name').focus();
}

async function leave() {
  await signOut().catch((error) => notice(error.message, 'refused'));
  start();
}

element('signin').onkeydown = (event) => { if (event.key === 'Escape') element('signin').close(); };
element('signin-cancel').onclick = () => element('signin').close();
element('signin-form').onsubmit = async (event) => {
  event.preventDefault();
  try {
    await signIn(element('signin-name').value, element('signin-password').value);
    element('signin').close();
    element('signin-form').reset();
    notice(`Signed in as ${me.name}`, 'done');
    start();
  } catch (error) { element('signin-error').textContent = error.message; }
};

let clearing;
onNotice((text, kind) => {
  const box = element('notice');
  box.textContent = text;
  box.className = kind;
  clearTimeout(clearing);
  clearing = setTimeout(() => { box.textContent = ''; box.className = ''; }, kind === 'refused' ? 12000 : 5000);
});
addEventListener('hashchange', () => { draw(); element('main').focus({ preventScroll: true }); scrollTo(0, 0); });
addEventListener('resize', draw);
document.addEventListener('visibilitychange', draw);

learnWhoIAm().catch(() => {}).then(start);
