/** What changed between two versions of a text, character by character. */

export interface DiffPiece {
  text: string
  kind: 'same' | 'added' | 'removed'
}

/** Lengths of the longest common subsequence of the ends that begin at each pair of places. */
function commonEnds(before: string[], after: string[]): Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = rows[i] as Uint16Array
      const below = rows[i + 1] as Uint16Array
      row[j] =
        before[i] === after[j]
          ? (below[j + 1] ?? 0) + 1
          : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return rows
}

type Step = (i: number, j: number) => DiffPiece['kind']

/** Which of the three ways leads on from a pair of places without losing what both share. */
function stepper(old: string[], now: string[]): Step {
  const common = commonEnds(old, now)
  return (i, j) => {
    if (j >= now.length) return 'removed'
    if (i >= old.length) return 'added'
    if (old[i] === now[j]) return 'same'
    return (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0) ? 'removed' : 'added'
  }
}

/** Neighbouring pieces of one kind are joined; removed text stands before what replaces it. */
export function diff(before: string, after: string): DiffPiece[] {
  const [old, now] = [[...before], [...after]]
  const step = stepper(old, now)
  const pieces: DiffPiece[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    const kind = step(i, j)
    const text = (kind === 'added' ? now[j] : old[i]) ?? ''
    const last = pieces[pieces.length - 1]
    if (last?.kind === kind) last.text += text
    else pieces.push({ kind, text })
    if (kind !== 'added') i += 1
    if (kind !== 'removed') j += 1
  }
  return pieces
}
