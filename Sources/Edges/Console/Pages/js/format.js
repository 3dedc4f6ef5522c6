// How values, units and times are written. What is not known is a dash with a reason, never a zero.
import { h } from './dom.js';

const NS = 1e6;

export const known = (x) => x !== undefined && x !== null && x !== 'nan';

/** A dash that says why. */
export function unknown(reason) {
  return h('span', { class: 'unknown', title: reason ?? 'not known' }, '—', h('span', { class: 'sr' }, ` ${reason ?? 'not known'}`));
}

/** A number with about `digits` significant digits, or null. */
export function number(x, digits = 3) {
  if (!known(x)) return null;
  if (x === 'inf') return '∞';
  if (x === '-inf') return '−∞';
  const size = Math.abs(x);
  const decimals = size === 0 ? 0 : Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size))));
  return Number(x).toLocaleString('en-GB', { maximumFractionDigits: decimals, useGrouping: size >= 10000 }).replace('-', '−').replaceAll(',', ' ');
}

/** With so many decimals, no more and no fewer: columns stay quiet. */
export function fixed(x, decimals) {
  return known(x) ? Number(x).toFixed(decimals).replace('-', '−') : null;
}

/** With the decimals that tell apart values as far from each other as `width`. */
export function along(x, width) {
  if (x === 'inf' || x === '-inf') return number(x);
  if (typeof width !== 'number' || !(width > 0)) return number(x);
  return fixed(x, Math.max(0, Math.min(6, Math.ceil(-Math.log10(width / 5)))));
}

export const signed = (x, digits) => (known(x) && x > 0 ? '+' : '') + (number(x, digits) ?? '—');
export const percent = (x, decimals = 1) => (known(x) ? `${fixed(100 * x, decimals)} %` : null);
export const count = (x) => (known(x) ? Number(x).toLocaleString('en-GB').replaceAll(',', ' ') : null);

/** A value or a dash with the reason. */
export const or = (text, reason) => text ?? unknown(reason);

const UNITS = { 1: '', Cel: '°C', 'N.m': 'N·m', '1/min': '/min', '1/h': '/h', Ohm: 'Ω', 'L/min': 'L/min', '%': '%' };
/** A UCUM code as people write it. */
export const unit = (code) => UNITS[code] ?? code ?? '';
/** A number with its unit, a thin space between. */
export function quantity(x, code, digits = 3) {
  const text = number(x, digits);
  if (text === null) return null;
  const u = unit(code);
  return u === '' ? text : u.startsWith('/') ? text + u : `${text} ${u}`;
}

export const date = (ns) => new Date(ns / NS);
export const seconds = (ns) => ns / 1e9;
const pad = (n) => String(n).padStart(2, '0');
/** 10:04:31, in UTC. */
export const clock = (ns) => { const d = date(ns); return `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`; };
export const day = (ns) => date(ns).toISOString().slice(0, 10);
export const iso = (ns) => date(ns).toISOString().replace(/\.\d+Z/, 'Z');

const short = (x) => x.toFixed(1).replace('.0', '');
/** 42 s, 6 min, 3.2 h, from nanoseconds. */
export function span(ns) {
  if (!known(ns)) return null;
  const s = Math.abs(ns) / 1e9;
  if (s < 0.0005) return '0 s';
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 10) return `${short(s)} s`;
  if (s < 100) return `${Math.round(s)} s`;
  if (s < 6000) return `${Math.round(s / 60)} min`;
  if (s < 172800) return `${short(s / 3600)} h`;
  return `${Math.round(s / 86400)} days`;
}

// What residuals, estimates and references are called, and how their numbers are meant: spans in seconds, or shares of one.
const QUANTITIES = {
  cycle: ['work on a part', 's'], failures: ['operating time to a failure', 's'], repairs: ['repair', 's'], microstops: ['operating time to a short stop', 's'],
  shortStops: ['short stop', 's'], scrap: ['rejected', 'share'], mtbf: ['operating time between failures', 's'], mttr: ['repair', 's'],
  microstopInterval: ['operating time between short stops', 's'], microstopLength: ['short stop', 's'], throughput: ['good parts', ''],
};
export const quantityName = (name) => QUANTITIES[name]?.[0] ?? name;
export const quantityKind = (name) => QUANTITIES[name]?.[1] ?? null;

const SPANS = [[100, 1, 's'], [6000, 60, 'min'], [Infinity, 3600, 'h']];
/** How seconds of this size are best written: [divisor, unit]. */
export const spanUnit = (seconds) => SPANS.find(([below]) => Math.abs(seconds) < below).slice(1);

/** An instant with how long ago (or ahead) it is. */
export function when(ns, now, reason) {
  if (!known(ns)) return unknown(reason ?? 'never');
  const gap = now - ns;
  const relative = Math.abs(gap) < 1e9 ? 'now' : gap >= 0 ? `${span(gap)} ago` : `in ${span(gap)}`;
  return h('time', { datetime: iso(ns), title: iso(ns) }, day(ns) === day(now) ? '' : `${day(ns)} `, clock(ns), h('span', { class: 'age' }, ` ${relative}`));
}

export function bytes(x) {
  if (!known(x)) return null;
  return x < 1e6 ? `${Math.round(x / 1e3)} kB` : x < 1e9 ? `${(x / 1e6).toFixed(0)} MB` : `${(x / 1e9).toFixed(1)} GB`;
}

/** camelCase as words. */
export const words = (name) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
