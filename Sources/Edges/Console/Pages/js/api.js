// The console's own API: who one is, commands, queries, and the stream of snapshots.

export const me = { name: '', roles: [], rights: [], signedIn: false, means: '' };
export const may = (right) => me.rights.includes(right);

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, options);
  } catch {
    throw new Error('Takt does not answer');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `status ${response.status}`);
  return answer;
}

export const get = (path) => call('GET', path);
export const post = (path, body) => call('POST', path, body);

export async function learnWhoIAm() { Object.assign(me, await call('GET', 'me')); }
export async function signIn(name, password) { Object.assign(me, await call('POST', 'session', { name, password })); }
export async function signOut() { await call('DELETE', 'session'); await learnWhoIAm(); }

/** Whether the page shows one moment and does not follow the plant: `/?still#line`, for printing and for tools that wait until a page has loaded. */
const still = new URLSearchParams(location.search).has('still');

/** Calls `onSnapshot` for each one and `onState(true|false)` as the line to the server comes and goes. Returns a way to stop. */
export function follow(onSnapshot, onState) {
  if (still) {
    get('snapshot').then(onSnapshot, () => onState(false));
    return () => {};
  }
  let source;
  let retry;
  const open = () => {
    source = new EventSource('/api/v1/stream');
    source.onopen = () => onState(true);
    source.addEventListener('snapshot', (event) => { onState(true); onSnapshot(JSON.parse(event.data)); });
    source.onerror = () => {
      onState(false);
      // A refusal (a session that ended) closes the source for good; the browser itself comes back from everything else.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000);
    };
  };
  open();
  return () => { clearTimeout(retry); source.close(); };
}
