/** The two-lane waveform: wavesurfer with our colours, marks as regions, fed from peaks. */
import WaveSurfer from 'wavesurfer.js'
import Regions from 'wavesurfer.js/plugins/regions'
import Timeline from 'wavesurfer.js/plugins/timeline'
import type { Peaks } from '@/api/types'
import { duration } from './format'
import type { Mark } from './marks'
import type { Deck } from './player'

export const LANE_HEIGHT = 44
const SMALLEST_SCALE = 5
const LABELLED_PART = 0.96

const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const lanes = () => [
  { waveColor: css('--wave-customer'), progressColor: css('--text'), height: LANE_HEIGHT },
  { waveColor: css('--wave-agent'), progressColor: css('--accent'), height: LANE_HEIGHT },
]

/** Both lanes by the same scale, so that loud and soft stay comparable. */
export function scaled(peaks: Peaks): number[][] {
  const top = Math.max(SMALLEST_SCALE, ...peaks.customer, ...peaks.agent)
  return [peaks.customer, peaks.agent].map((lane) => lane.map((value) => value / top))
}

export interface WaveOptions {
  container: HTMLElement
  url: string
  peaks: Peaks | null
  seconds: number | null
}

/** Labels of the ruler; the last ones are left out, they would be cut off. */
const label = (seconds: number, length: number | null): string =>
  length && seconds > length * LABELLED_PART ? '' : duration(seconds)

export function createWave(options: WaveOptions) {
  const regions = Regions.create()
  const known = options.peaks && options.seconds
  const wave = WaveSurfer.create({
    container: options.container,
    height: LANE_HEIGHT,
    splitChannels: lanes(),
    cursorColor: css('--bad'),
    cursorWidth: 2,
    barWidth: 2,
    barGap: 1,
    barRadius: 2,
    barMinHeight: 1,
    dragToSeek: true,
    hideScrollbar: true,
    url: options.url,
    ...(known ? { peaks: scaled(options.peaks as Peaks), duration: options.seconds as number } : {}),
    plugins: [
      regions,
      Timeline.create({
        height: 18,
        secondaryLabelOpacity: 1,
        formatTimeCallback: (seconds) => label(seconds, options.seconds),
        style: { fontSize: '11px', color: css('--text-3') },
      }),
    ],
  })

  function mark(marks: Mark[]): void {
    regions.clearRegions()
    for (const { start, end, tone } of marks) {
      regions.addRegion({ start, end, color: css(`--region-${tone}`), drag: false, resize: false })
    }
  }

  const repaint = (): void =>
    wave.setOptions({ splitChannels: lanes(), cursorColor: css('--bad') })

  /** wavesurfer loses a jump that is made while an earlier one is still under way. */
  function setTime(seconds: number): void {
    const media = wave.getMediaElement()
    if (media?.seeking) media.currentTime = seconds
    else wave.setTime(seconds)
  }

  const deck: Deck = { setTime, play: () => wave.play(), pause: () => wave.pause() }

  return { wave, deck, mark, repaint }
}
