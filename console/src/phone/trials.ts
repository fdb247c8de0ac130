/** Trials of the connection test that touch the network: socket, candidates, a loop through the browser. */
import { countCandidates, measure, type Candidates, type Quality } from './quality'
import { audioContext } from './sound'
import { socketAddress } from './ua'

const SOCKET_MS = 6_000
const GATHER_MS = 3_000
const LOOP_MS = 2_500

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Milliseconds until the phone's socket was open; null when it does not open; -1 when it is refused. */
export function trySocket(path: string): Promise<number | null> {
  const began = performance.now()
  const socket = new WebSocket(socketAddress(path, location), 'sip')
  return new Promise((done) => {
    const finish = (result: number | null): void => {
      clearTimeout(limit)
      done(result)
      socket.close()
    }
    const limit = setTimeout(() => finish(null), SOCKET_MS)
    let openedAt: number | null = null
    // Who may not have a phone is let in and told so at once: an open socket must stay open a moment.
    socket.onopen = () => {
      openedAt = Math.round(performance.now() - began)
      setTimeout(() => finish(openedAt), 300)
    }
    socket.onclose = (event) => finish(event.code >= 4400 && event.code < 4500 ? -1 : null)
  })
}

/** The addresses by which this browser can be reached, as a talk would offer them. */
export async function gather(iceServers: RTCIceServer[]): Promise<Candidates> {
  const peer = new RTCPeerConnection({ iceServers })
  const found: RTCIceCandidate[] = []
  try {
    const complete = new Promise<void>((done) => {
      peer.onicecandidate = ({ candidate }) => {
        if (candidate?.candidate) found.push(candidate)
        else if (!candidate) done()
      }
    })
    peer.createDataChannel('')
    await peer.setLocalDescription()
    await Promise.race([complete, wait(GATHER_MS)])
    return countCandidates(found)
  } finally {
    peer.close()
  }
}

/** A soft tone through two connections of this browser; null when no packet arrives. */
export async function loop(): Promise<Quality | null> {
  const context = audioContext()
  const out = context.createMediaStreamDestination()
  const tone = context.createOscillator()
  tone.connect(out)
  tone.start()
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()]
  try {
    near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined)
    far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined)
    for (const track of out.stream.getTracks()) near.addTrack(track, out.stream)
    await near.setLocalDescription()
    await far.setRemoteDescription(near.localDescription as RTCSessionDescription)
    await far.setLocalDescription()
    await near.setRemoteDescription(far.localDescription as RTCSessionDescription)
    await wait(LOOP_MS)
    return await measure(far)
  } finally {
    tone.stop()
    near.close()
    far.close()
  }
}
