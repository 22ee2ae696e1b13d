/** Delta debugging: leaves out what a fault does not need. */

/** The shortest list that deletion finds for which `fails` still holds: first large pieces go, then single elements, then pairs. */
export const shrink = <T>(list: readonly T[], fails: (shorter: readonly T[]) => boolean): readonly T[] => {
  let best = list;
  for (let piece = Math.max(1, best.length >> 1); piece >= 1; piece >>= 1) best = withoutPieces(best, piece, fails);
  for (let before = best.length + 1; best.length < before; ) {
    before = best.length;
    best = withoutPieces(best, 1, fails);
    best = withoutPairs(best, fails);
  }
  return best;
};

const withoutPieces = <T>(list: readonly T[], piece: number, fails: (shorter: readonly T[]) => boolean) => {
  let best = list;
  for (let from = best.length - piece; from >= 0; from -= piece) {
    const shorter = [...best.slice(0, from), ...best.slice(from + piece)];
    if (fails(shorter)) best = shorter;
  }
  return best;
};

const withoutPairs = <T>(list: readonly T[], fails: (shorter: readonly T[]) => boolean) => {
  if (list.length > 60) return list;
  for (let left = 0; left < list.length; left += 1) {
    for (let right = left + 1; right < list.length; right += 1) {
      const shorter = list.filter((_, index) => index !== left && index !== right);
      if (fails(shorter)) return shorter;
    }
  }
  return list;
};
