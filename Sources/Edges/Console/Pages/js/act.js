// Commands as buttons: each says what it needs when one may not, and tells what became of it.
import { h } from './dom.js';
import { may, me, post } from './api.js';

let announce = () => {};
export const onNotice = (f) => { announce = f; };
export const notice = (text, kind) => announce(text, kind);
const busy = new Set();

/** Posts one command and tells the outcome. */
export async function act(path, label, body) {
  if (busy.has(path)) return;
  busy.add(path);
  try {
    await post(path, body);
    notice(`Done: ${label}`, 'done');
  } catch (error) {
    notice(`Not done: ${label}. ${error.message}`, 'refused');
  } finally {
    busy.delete(path);
  }
}

/** A button for one command. Pressing it is enough; nothing asks again. */
export function command(right, path, text, label, options = {}) {
  const allowed = may(right);
  const why = me.signedIn ? `${me.name} has no role for this` : 'Sign in to do this';
  return h('button', {
    key: path, type: 'button', class: options.class ?? '', disabled: !allowed || options.disabled,
    title: allowed ? options.title ?? label : why, 'aria-label': label, onclick: () => act(path, label, options.body?.()),
  }, text);
}
