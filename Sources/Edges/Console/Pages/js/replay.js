// Plays a trace: the file picker, the clock, the drawing, and a strip of states for each machine.
import { h, render } from './dom.js';
import { count } from './format.js';
import { lineDrawing, plan, SIGNS } from './replay-drawing.js';
import { readTrace } from './replay-trace.js';

const main = document.getElementById('replay');
const SPEEDS = [1, 10, 60, 300, 1200, 3600];
const view = { trace: null, plan: null, strips: null, time: 0, speed: 60, playing: false, stamp: 0, problem: null };

document.getElementById('file').addEventListener('change', (event) => { if (event.target.files[0]) open(event.target.files[0]); });
document.addEventListener('dragover', (event) => { event.preventDefault(); document.body.classList.add('dropping'); });
document.addEventListener('dragleave', () => document.body.classList.remove('dropping'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
});
document.addEventListener('keydown', (event) => {
  if (!view.trace || ['INPUT', 'SELECT', 'BUTTON'].includes(event.target.tagName)) return;
  if (event.key === ' ') { event.preventDefault(); toggle(); }
  if (event.key === 'ArrowRight') seek(view.time + view.speed);
  if (event.key === 'ArrowLeft') seek(view.time - view.speed);
});
window.addEventListener('resize', () => { if (view.trace) { view.strips = null; draw(); } });

async function open(file) {
  view.playing = false;
  try {
    const trace = readTrace(await file.text());
    Object.assign(view, { trace, plan: plan(trace.header), strips: null, time: 0, problem: null });
    const { plant, revision, seed, replication } = trace.header;
    document.getElementById('about').textContent = `${plant}, revision ${revision.slice(0, 12)}, seed ${seed}, replication ${replication}`
      + (trace.isCut ? '; cut at the limit of entries' : '') + (trace.isWhole ? '' : '; not written whole: played as far as it goes');
    document.title = `Takt: replay of ${plant}`;
  } catch (error) {
    Object.assign(view, { trace: null, problem: error.message });
  }
  draw();
}

function seek(time) {
  view.time = Math.max(0, Math.min(view.trace.end, time));
  view.trace.seek(view.time);
  if (view.time >= view.trace.end) view.playing = false;
  draw();
}

function toggle() {
  if (!view.playing && view.time >= view.trace.end) seek(0);
  view.playing = !view.playing;
  view.stamp = performance.now();
  draw();
  if (view.playing) requestAnimationFrame(frame);
}

function frame(now) {
  if (!view.playing) return;
  // A page that slept does not jump.
  const passed = Math.min(0.25, Math.max(0, now - view.stamp) / 1000);
  view.stamp = now;
  seek(view.time + passed * view.speed);
  if (view.playing) requestAnimationFrame(frame);
}

const pad = (n) => String(n).padStart(2, '0');
const clock = (s) => `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(Math.floor(s) % 60)}`;

function draw() {
  if (view.problem) return render(main, h('p', { class: 'problem', role: 'alert' }, view.problem));
  const { trace } = view;
  if (!trace) return;
  const { header } = trace;
  const rejected = trace.rejected.reduce((sum, n) => sum + n, 0);
  const inBuffers = trace.levels.reduce((sum, n) => sum + n, 0);
  const warm = view.time < header.warmUp;
  render(main, [
    h('div', { class: 'controls', key: 'controls' },
      h('button', { type: 'button', class: 'play primary', onclick: toggle }, view.playing ? '❚❚ Pause' : '▶ Play'),
      h('label', null, 'Speed ', h('select', { 'aria-label': 'Speed', onchange: (event) => { view.speed = Number(event.target.value); draw(); } },
        SPEEDS.map((s) => h('option', { key: s, value: String(s), selected: s === view.speed }, s < 60 ? `${s} ×` : s < 3600 ? `${s / 60} min/s` : '1 h/s')))),
      h('div', { class: 'scrub' }, h('input', { type: 'range', 'aria-label': 'Time', min: 0, max: trace.end, step: 'any', value: String(view.time), oninput: (event) => { view.playing = false; seek(Number(event.target.value)); } })),
      h('div', { class: 'now' }, clock(view.time), h('small', null, `of ${clock(trace.end)} h${warm ? ', warming up' : ''}`))),
    lineDrawing(trace, view.plan),
    h('p', { class: 'tallies', key: 'tallies' }, h('span', null, h('b', null, count(trace.left)), ' parts have left'), h('span', null, h('b', null, count(rejected)), ' rejected'), h('span', null, h('b', null, count(inBuffers)), ' in buffers')),
    strips(trace, header),
  ]);
}

/** One strip of states over the whole time for each machine; a click goes there. */
function strips(trace, header) {
  const shown = header.states.filter((name) => name in SIGNS);
  const labels = header.machines.map((station, m) => {
    const many = header.machines.filter((other) => other === station).length > 1;
    return `${header.stations[station].name}${many ? `.${header.machines.slice(0, m + 1).filter((other) => other === station).length}` : ''}`;
  });
  const share = trace.end > 0 ? view.time / trace.end : 0;
  return h('section', { class: 'strips', key: 'strips', 'aria-label': 'States over time' }, h('h2', null, 'States over time'),
    labels.map((label, m) => h('div', { class: 'strip', key: label }, h('span', { class: 'label', title: label }, label),
      h('div', { class: 'strip-area', onclick: (event) => { const area = event.currentTarget.getBoundingClientRect(); seek((event.clientX - area.left) / area.width * trace.end); } },
        h('canvas', { height: 20, draw: (canvas) => paint(canvas, trace, m) }), h('div', { class: 'cursor', style: { left: `${(100 * share).toFixed(3)}%` } })))),
    h('p', { class: 'keys' }, shown.map((name) => h('span', { key: name }, h('i', { class: `k-${name}` }), SIGNS[name].says))));
}

const colours = new Map();
function colour(name) {
  if (!colours.has(name)) {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.className = `k-${name}`;
    colours.set(name, getComputedStyle(probe).backgroundColor);
    probe.remove();
  }
  return colours.get(name);
}

function paint(canvas, trace, machine) {
  const pieces = Math.max(100, Math.round(canvas.getBoundingClientRect().width || 800));
  view.strips ??= trace.strips(pieces);
  const strip = view.strips[machine];
  if (canvas.painted === strip) return;
  canvas.painted = strip;
  canvas.width = strip.length;
  const context = canvas.getContext('2d');
  let from = 0;
  for (let i = 1; i <= strip.length; i += 1) {
    if (i < strip.length && strip[i] === strip[from]) continue;
    if (strip[from] >= 0) { context.fillStyle = colour(trace.header.states[strip[from]]); context.fillRect(from, 0, i - from, 20); }
    from = i;
  }
}

draw();
