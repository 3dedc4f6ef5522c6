// PackML states as people see them. Normal is quiet; colour, sign and words come together, so none is needed alone.

const KINDS = {
  running: { sign: '▶', says: 'working' },
  waiting: { sign: '◔', says: 'waits for parts or room' },
  held: { sign: '❚❚', says: 'short stop' },
  down: { sign: '✖', says: 'broken down' },
  idle: { sign: '■', says: 'not producing' },
  passing: { sign: '…', says: 'on its way to another state' },
  unknown: { sign: '?', says: 'state not known' },
};
const STATES = {
  execute: 'running', suspended: 'waiting', suspending: 'waiting', unsuspending: 'waiting', held: 'held', holding: 'held', unholding: 'held',
  aborted: 'down', aborting: 'down', clearing: 'down', stopped: 'idle', idle: 'idle', complete: 'idle', stopping: 'passing', starting: 'passing',
  resetting: 'passing', completing: 'passing',
};

/** The kind of a state name, with its sign and its meaning; an unknown or untrusted state is `unknown`. */
export function stateKind(station) {
  const trusted = station.stateQuality === 'good' || station.stateQuality === 'uncertain';
  const kind = (trusted && station.state && STATES[station.state]) || 'unknown';
  return { kind, ...KINDS[kind], name: station.state && kind !== 'unknown' ? station.state[0].toUpperCase() + station.state.slice(1) : 'Unknown' };
}

export const QUALITY = {
  good: { sign: '', says: 'good' }, uncertain: { sign: '~', says: 'uncertain' }, stale: { sign: '◷', says: 'stale: the source is silent' },
  bad: { sign: '✖', says: 'bad' },
};
