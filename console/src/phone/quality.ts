/** How good a media connection is, from its statistics. */

export interface Quality {
  rtt: number
  jitter: number
  /** Of a hundred packets, how many were lost. */
  loss: number
}

type Report = Record<string, unknown>

const numberOf = (report: Report | undefined, name: string): number =>
  typeof report?.[name] === 'number' ? (report[name] as number) : 0

/** Milliseconds and percent, from the reports of `RTCPeerConnection.getStats`; null before any packet. */
export function qualityOf(reports: Iterable<Report>): Quality | null {
  const all = [...reports]
  const incoming = all.find((one) => one.type === 'inbound-rtp' && one.kind === 'audio')
  const pair = all.find((one) => one.type === 'candidate-pair' && one.nominated === true)
  const got = numberOf(incoming, 'packetsReceived')
  if (got === 0) return null
  const lost = Math.max(0, numberOf(incoming, 'packetsLost'))
  return {
    rtt: Math.round(numberOf(pair, 'currentRoundTripTime') * 1000),
    jitter: Math.round(numberOf(incoming, 'jitter') * 1000),
    loss: Math.round((1000 * lost) / (got + lost)) / 10,
  }
}

export async function measure(connection: RTCPeerConnection): Promise<Quality | null> {
  const reports: Report[] = []
  ;(await connection.getStats()).forEach((one: Report) => reports.push(one))
  return qualityOf(reports)
}

/** Beyond this people begin to hear it (ITU-T G.114 and usual practice). */
export const isRough = (quality: Quality): boolean =>
  quality.rtt > 300 || quality.jitter > 30 || quality.loss > 2

export interface Candidates {
  host: number
  srflx: number
  relay: number
  /** Local addresses are hidden behind made-up names. */
  hidden: boolean
}

export function countCandidates(found: Pick<RTCIceCandidate, 'type' | 'address'>[]): Candidates {
  const of = (type: string): number => found.filter((one) => one.type === type).length
  const hosts = found.filter((one) => one.type === 'host')
  return {
    host: of('host'),
    srflx: of('srflx'),
    relay: of('relay'),
    hidden: hosts.length > 0 && hosts.every((one) => one.address?.endsWith('.local')),
  }
}
