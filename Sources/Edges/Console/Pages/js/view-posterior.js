// Posterior: the law of each activity against what was observed, one card each.
import { h } from './dom.js';
import { calibrated } from './calibrated.js';
import { duration, lawPicture, meanWords } from './pictures.js';
import { intervalBar } from './charts.js';
import { count, known, number, percent, span, when } from './format.js';
import { rerunPanel, waiting } from './rerun.js';

const NAMES = { cycle: 'cycle time', timeToFailure: 'time to failure', repair: 'repair', shortStop: 'short stop', setUp: 'set-up', replacement: 'tool replacement' };
const FAMILIES = { constant: 'always the same', empirical: 'as observed', weibull: 'Weibull' };
const family = (name) => FAMILIES[name] ?? name;
const ORDERS = { line: 'as the line runs', uncertain: 'least certain first', fit: 'worst fit first' };
const view = { order: 'line' };

/** Half the width of the mean's interval, as a share of the mean. */
const doubt = (a) => (typeof a.mean.high === 'number' && a.mean.mean > 0 ? (a.mean.high - a.mean.low) / 2 / a.mean.mean : Infinity);
const ordered = (list) => (view.order === 'line' ? list : list.toSorted((a, b) => (view.order === 'uncertain' ? doubt(b) - doubt(a) : (a.fit?.andersonDarlingP ?? 2) - (b.fit?.andersonDarlingP ?? 2))));

export function viewPosterior(snapshot, render) {
  const state = calibrated('twin/posterior', snapshot, render);
  const now = snapshot.plantTime;
  if (!state.answer) return waiting(state);
  const { activities, rerun } = state.answer;
  return [
    waiting(state),
    h('section', { class: 'panel', key: 'laws' },
      h('h2', null, 'The law of each activity', h('span', { class: 'aside' }, rerun ? [' as calibrated ', when(rerun.at, now)] : null)),
      legend(),
      h('form', { class: 'search', onsubmit: (e) => e.preventDefault() }, h('span', null, 'Order:'), Object.entries(ORDERS).map(([order, text]) =>
        h('label', { class: 'check', key: order }, h('input', { type: 'radio', name: 'order', checked: view.order === order, onchange: () => { view.order = order; render(); } }), ` ${text}`))),
      activities.length ? [
        h('div', { class: 'laws means', key: 'means' }, ordered(activities.filter((a) => !a.picture)).map((a) => card(a, now))),
        h('div', { class: 'laws', key: 'laws' }, ordered(activities.filter((a) => a.picture)).map((a) => card(a, now)))]
        : h('p', { class: 'none' }, 'No activity has been seen yet. A cycle shows once parts are counted; repairs, short stops, set-ups and tool replacements as they end.')),
    rerunPanel(rerun),
  ];
}

const legend = () => h('p', { class: 'legend' },
  h('span', { class: 'key bar' }), ' observed, as far back as the record reaches', h('span', { class: 'key before' }), ' of these, before the last change', h('span', { class: 'key density' }), ' the law of the next one',
  h('span', { class: 'key range' }), ' the mean’s 90 % interval', h('span', { class: 'key mark' }), ' the design’s mean');

function card(a, now) {
  const title = `${a.station}: ${NAMES[a.activity] ?? a.activity}`;
  const unsure = doubt(a);
  const [mean, interval] = meanWords(a.mean);
  return h('article', { key: `${a.station} ${a.activity}`, class: a.fit?.refused ? 'law-card refused' : 'law-card' },
    h('header', null, h('h3', null, a.station), h('span', { class: 'activity' }, NAMES[a.activity] ?? a.activity), h('span', { class: 'spring' }), verdict(a)),
    a.picture ? lawPicture(a.picture, a.mean, a.design, `${title}: what was observed and the law`)
      : h('div', { class: 'estimate' }, intervalBar({ ...a.mean, mark: a.design, width: 340, label: `${title}: interval of the mean` })),
    h('dl', { class: 'law-facts' },
      row('Mean', h('b', null, mean), ` (${interval}${unsure < Infinity ? `, ±${percent(unsure, unsure < 0.1 ? 1 : 0)}` : ''})`, known(a.design) ? `; design ${duration(a.design)}` : ''),
      a.family ? row('Law', h('b', null, family(a.family)), known(a.cv) && a.family !== 'constant' ? `, spread ${number(a.cv, 2)} of the mean` : '', rivals(a)) : null,
      a.family ? row('Fit', fit(a)) : null,
      row('Rests on', restsOn(a)),
      row('Forgets', forgets(a, now))));
}

const row = (name, ...value) => h('div', null, h('dt', null, name), h('dd', null, value));

function verdict(a) {
  if (!a.family) return h('span', { class: 'note', title: 'minutes are recorded, not single parts, so there is no law to draw' }, 'mean only');
  if (a.source === 'inferred') return h('span', { class: 'badge unknown', title: 'work and stops were told apart by the law of completions, with the folder\'s families' }, 'inferred');
  if (a.fit?.refused) return h('span', { class: 'badge bad' }, `✖ ${family(a.fit.family)} does not fit`);
  return a.fit ? h('span', { class: 'badge calm' }, '✓ fits') : h('span', { class: 'badge unknown' }, '? not tested');
}

function rivals(a) {
  const others = a.families.filter((f) => f.probability >= 0.005);
  return others.length > 1 || others[0]?.probability < 0.995 ? h('div', { class: 'note' }, others.map((f) => `${family(f.family)} ${percent(f.probability, 0)}`).join(', ')) : null;
}

const p = (x) => (x < 0.001 ? '< 0.001' : number(x, 2));
function fit(a) {
  if (!a.fit) return h('span', { class: 'none' }, a.exact < 5 ? `${a.exact} of 5 that a test needs` : 'no test for this law');
  return [`p ${p(a.fit.andersonDarlingP)} (Anderson–Darling), ${p(a.fit.kolmogorovSmirnovP)} (Kolmogorov–Smirnov)`,
    a.fit.family !== a.family ? `, for ${family(a.fit.family)}` : '', a.fit.censoredShare > 0.05 ? h('div', { class: 'note' }, `a guide only: ${percent(a.fit.censoredShare, 0)} were cut short`) : null];
}

function restsOn(a) {
  if (a.source === 'inferred') return `inferred: the station tells no state; about ${count(a.exact)} ${a.activity === 'cycle' ? 'parts timed' : 'in the times between its counts'}`;
  const noun = a.activity === 'cycle' ? 'parts' : 'seen to the end';
  const worth = known(a.effective) && a.exact && a.effective < 0.95 * a.exact ? `, worth ${number(a.effective, 2)} by age` : '';
  const far = a.picture?.countBeyond ? `; ${count(a.picture.countBeyond)} longer than the picture` : '';
  return `${count(a.exact)} ${noun}${a.censored ? `, ${a.censored} cut short or going on` : ''}${worth}${far}`;
}

function forgets(a, now) {
  const life = known(a.halfLife) ? `half in ${span(a.halfLife)}${a.activity === 'cycle' ? ' of production' : ''}` : 'never by age';
  return [life, known(a.halfLifeProbability) ? ` foretold best (${percent(a.halfLifeProbability, 0)}); weights mix all half-lives by belief` : '',
    known(a.changedAt) ? ['; older than the change at ', when(a.changedAt, now), ' counts little'] : ''];
}
