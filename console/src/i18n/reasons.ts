/** The server's usual reasons for refusing a value, each with the key of its words. */
const USUAL: [RegExp, string][] = [
  [/^larger than (?<n>\d+) [MK]B$/, 'tooLarge'],
  [/^longer than (?<n>\d+) seconds$/, 'tooLongSound'],
  [/^empty$/, 'empty'],
  [/^(no sound in it|nothing but silence)$/, 'silent'],
  [/is none of WAV, MP3, M4A, OGG$/, 'notSound'],
  [/^cannot be read as sound/, 'broken'],
  [/unknown variables?:? (?<names>.+)$/, 'unknownVariables'],
  [/at most (?<n>\d+) characters/, 'tooLong'],
  [/at least 1 character|^Field required/, 'required'],
  [/valid_until must be after valid_from/, 'order'],
]

/** Which words fit; null for a reason that is shown as the server gave it. */
export function usualReason(why: string): { key: string; params: Record<string, string> } | null {
  for (const [pattern, key] of USUAL) {
    const found = pattern.exec(why)
    if (found) return { key, params: { ...found.groups } }
  }
  return null
}
