// Answers that change with each calibration: asked for then, kept in between.
import { get } from './api.js';

const kept = new Map();

/** What `path` answers as of the calibration in the snapshot: {answer, error}. Draws again when it has come. */
export function calibrated(path, snapshot, render) {
  const entry = kept.get(path) ?? { answer: null, error: null, of: null, asking: false };
  kept.set(path, entry);
  // Residuals and verdicts move with the calibration; where there is none yet, ask again now and then.
  const stamp = `${snapshot.twin.calibratedAt ?? Math.floor(performance.now() / 10000)} ${snapshot.twin.valid}`;
  if (entry.of !== stamp && !entry.asking) {
    entry.asking = true;
    get(path).then((answer) => Object.assign(entry, { answer, error: null }), (error) => { entry.error = error.message; }).finally(() => {
      Object.assign(entry, { asking: false, of: stamp });
      render();
    });
  }
  return entry;
}
