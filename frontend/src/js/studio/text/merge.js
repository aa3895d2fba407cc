// Two texts that began as one, line by line: what only one of them changed is taken, what both changed is told apart.

/** Pairs of indices of what two lists have in common, in order: [[0, 0], [1, 2], …]. */
export function common(a, b, same = (x, y) => x === y) {
  let head = 0;
  while (head < a.length && head < b.length && same(a[head], b[head])) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && same(a[a.length - 1 - tail], b[b.length - 1 - tail])) tail += 1;
  const middle = longest(a.slice(head, a.length - tail), b.slice(head, b.length - tail), same);
  const pairs = (count, from, to) => Array.from({ length: count }, (_, n) => [from + n, to + n]);
  return [...pairs(head, 0, 0), ...middle.map(([i, j]) => [i + head, j + head]), ...pairs(tail, a.length - tail, b.length - tail)];
}

function longest(a, b, same) {
  const size = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) size[i][j] = same(a[i], b[j]) ? size[i + 1][j + 1] + 1 : Math.max(size[i + 1][j], size[i][j + 1]);
  }
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (same(a[i], b[j])) pairs.push([i++, j++]);
    else if (size[i + 1][j] >= size[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}

/** The parts of a merge, in order: {text} where there is one answer, {mine, theirs} where both changed the same place. */
export function merge(base, mine, theirs) {
  const [o, a, b] = [base, mine, theirs].map((text) => text.split("\n"));
  const inA = new Map(common(o, a));
  const inB = new Map(common(o, b));
  const parts = [];
  const at = { o: 0, a: 0, b: 0 };
  const upTo = (o2, a2, b2) => {
    parts.push(...settled(o.slice(at.o, o2), a.slice(at.a, a2), b.slice(at.b, b2)));
    Object.assign(at, { o: o2, a: a2, b: b2 });
  };
  for (const [line] of o.entries()) {
    if (!inA.has(line) || !inB.has(line)) continue;
    upTo(line, inA.get(line), inB.get(line));
    parts.push({ text: [o[line]] });
    Object.assign(at, { o: line + 1, a: inA.get(line) + 1, b: inB.get(line) + 1 });
  }
  upTo(o.length, a.length, b.length);
  return parts;
}

function settled(o, a, b) {
  const [base, mine, theirs] = [o, a, b].map((lines) => lines.join("\n"));
  const equal = (x, y) => x.length === y.length && x.join("\n") === y.join("\n");
  if (!a.length && !b.length) return [];
  if (equal(a, b) || equal(b, o)) return [{ text: a }];
  if (equal(a, o)) return [{ text: b }];
  return [{ mine, theirs, base, lines: { mine: a, theirs: b } }];
}

/** The text of a merge, where `side(part)` says "mine" or "theirs" of what both changed. */
export const mergedText = (parts, side) => parts.flatMap((part) => part.text ?? part.lines[side(part)]).join("\n");
