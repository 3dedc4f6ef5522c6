// Where things stand on the drawing of the line: columns by the flow of parts, derived from who fills and who empties each buffer.

/** Columns of the stations, rows within a column, and the place of every buffer. */
export function layout(line) {
  const { stations } = line;
  const consumers = (buffer) => stations.filter((s) => s.inputs.includes(buffer));
  const next = new Map(stations.map((s) => [s.name, s.output ? consumers(s.output) : []]));
  const back = backEdges(stations, next);
  const isBack = (a, b) => back.has(`${a.name}>${b.name}`);

  // Longest path over the edges that lead forward.
  const column = new Map(stations.map((s) => [s.name, 0]));
  for (let round = 0; round < stations.length; round += 1) {
    for (const s of stations) for (const t of next.get(s.name)) if (!isBack(s, t)) column.set(t.name, Math.max(column.get(t.name), column.get(s.name) + 1));
  }
  const columns = [];
  for (const s of stations) (columns[column.get(s.name)] ??= []).push(s);

  // A buffer stands before the first column that takes from it; one that nobody takes from, after the one that fills it.
  const gaps = columns.map(() => []);
  gaps.push([]);
  for (const buffer of line.buffers) {
    const to = consumers(buffer.name).map((s) => column.get(s.name));
    const from = stations.filter((s) => s.output === buffer.name).map((s) => column.get(s.name) + 1);
    gaps[to.length ? Math.min(...to) : Math.max(0, ...from)].push(buffer);
  }
  return { columns, gaps, isBackFlow: (station, buffer) => consumers(buffer).length > 0 && consumers(buffer).every((t) => isBack(station, t)) };
}

/** Edges that close a circle (rework), found by walking forward from the sources. */
function backEdges(stations, next) {
  const back = new Set();
  const open = new Set();
  const done = new Set();
  const walk = (s) => {
    open.add(s.name);
    for (const t of next.get(s.name)) {
      if (open.has(t.name)) back.add(`${s.name}>${t.name}`);
      else if (!done.has(t.name)) walk(t);
    }
    open.delete(s.name);
    done.add(s.name);
  };
  const fed = new Set(stations.flatMap((s) => (s.output ? [s.output] : [])));
  const first = stations.filter((s) => s.inputs.every((b) => !fed.has(b)));
  for (const s of [...first, ...stations]) if (!done.has(s.name)) walk(s);
  return back;
}
