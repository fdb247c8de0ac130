/** The palette's own commands: all that may be done now, worded in the present language. */
import { computed, type Component } from 'vue'
import {
  ArrowRightLeft, Cable, Check, Coffee, DoorOpen, Grid3x3, Keyboard, Languages, ListChecks, LogOut, Mic, MicOff, Pause,
  Phone, PhoneOff, Play, Power, Repeat, Rows3, SunMoon, UserMinus, Users,
} from '@lucide/vue'
import { useRouter } from 'vue-router'
import type { Command } from '@/lib/palette'
import { useWords } from '@/i18n/words'
import { NAVIGATION } from '@/router'
import { perform } from '@/phone/actions'
import { keyText, type Action } from '@/phone/keys'
import { BREAKS, mayChoose, type Deed } from '@/phone/possible'
import { usePhone } from '@/stores/phone'
import { usePhoneCheck } from '@/stores/phoneCheck'
import { usePhoneSettings } from '@/stores/phoneSettings'
import { DENSITIES, LANGUAGES, THEMES, usePreferences } from '@/stores/preferences'
import { useSession } from '@/stores/session'

interface PhoneDeed {
  deed: Deed
  icon: Component
  title: string
  /** The bar does it, as at its key; `run` is for what has no key. */
  action?: Action
  run?: () => unknown
}

export function useCommands() {
  const phone = usePhone()
  const deeds = usePhoneDeeds()
  const states = useStates()
  const places = usePlaces()
  const looks = useLooks()
  return computed<Command[]>(() => [
    ...deeds.value,
    ...(phone.agent && mayChoose(phone.agent.state) ? states.value : []),
    ...places.value,
    ...looks.value,
  ])
}

function usePhoneDeeds() {
  const { t } = useWords()
  const phone = usePhone()
  const settings = usePhoneSettings()
  const held = computed(() => phone.call?.on_hold ?? false)
  const asked = computed(() => phone.call?.consult)

  const deeds = computed<PhoneDeed[]>(() => [
    { deed: 'answer', icon: Phone, title: t('phone.answer'), action: 'answer' },
    { deed: 'decline', icon: PhoneOff, title: t('phone.decline'), run: phone.decline },
    {
      deed: 'mute',
      icon: phone.muted ? MicOff : Mic,
      title: t(phone.muted ? 'phone.unmute' : 'phone.mute'),
      action: 'mute',
    },
    {
      deed: 'hold',
      icon: held.value ? Play : Pause,
      title: t(held.value ? 'phone.resume' : 'phone.hold'),
      action: 'hold',
    },
    { deed: 'transfer', icon: ArrowRightLeft, title: t('phone.transfer'), action: 'transfer' },
    { deed: 'consult', icon: Users, title: t('phone.consult'), action: 'consult' },
    {
      deed: 'swap',
      icon: Repeat,
      title: asked.value?.with_customer
        ? t('phone.party.swap', { name: asked.value.to.name || asked.value.to.value })
        : t('phone.party.back'),
      run: phone.swapConsult,
    },
    { deed: 'conference', icon: Users, title: t('phone.party.conferenceStart'), run: phone.conference },
    { deed: 'complete', icon: Check, title: t('phone.party.complete'), run: phone.completeConsult },
    { deed: 'cancel', icon: UserMinus, title: t('phone.party.cancel'), run: phone.cancelConsult },
    { deed: 'leave', icon: DoorOpen, title: t('phone.leave'), run: phone.leave },
    { deed: 'keypad', icon: Grid3x3, title: t('phone.keypad'), action: 'keypad' },
    { deed: 'hangUp', icon: PhoneOff, title: t('phone.hangUp'), action: 'hangUp' },
  ])

  const command = ({ deed, icon, title, action, run }: PhoneDeed): Command => ({
    id: `phone ${deed}`,
    group: 'phone',
    icon,
    title,
    also: t(`palette.also.${deed}`),
    ...(action ? { key: keyText(settings.keys[action]) } : {}),
    run: () => (action ? perform(action) : run?.()),
  })
  return computed(() => deeds.value.filter((one) => phone.can.has(one.deed)).map(command))
}

function useStates() {
  const { t } = useWords()
  const phone = usePhone()
  const check = usePhoneCheck()
  const set = (state: string, reason?: string) => () => phone.setState(state, reason)
  return computed<Command[]>(() => {
    const all: Command[] = [
      { id: 'state ready', group: 'state', icon: Check, title: t('agentState.ready'), also: t('palette.also.ready'), run: check.goReady },
      ...BREAKS.map((reason): Command => ({
        id: `state break ${reason}`,
        group: 'state',
        icon: Coffee,
        title: t('palette.break', { reason: t(`agentState.reason.${reason}`) }),
        also: t(`palette.also.${reason}`),
        run: set('break', reason),
      })),
      { id: 'state offline', group: 'state', icon: Power, title: t('agentState.offline'), also: t('palette.also.offline'), run: set('offline') },
    ]
    const now = ['state', phone.agent?.state, phone.agent?.state === 'break' && phone.agent.reason].filter(Boolean)
    return all.filter((one) => one.id !== now.join(' '))
  })
}

/** Pages, and what the menus lead to. */
function usePlaces() {
  const { t } = useWords()
  const router = useRouter()
  const session = useSession()
  const phone = usePhone()
  const check = usePhoneCheck()
  const settings = usePhoneSettings()
  return computed<Command[]>(() => {
    const pages = NAVIGATION.filter((page) => session.can(page.permission)).map((page): Command => ({
      id: `page ${page.key}`,
      group: 'pages',
      icon: page.icon,
      title: t(`nav.${page.key}`),
      also: t(`palette.also.${page.key}`),
      run: () => router.push(page.to),
    }))
    const own: Command[] = [
      { id: 'check', group: 'more', icon: ListChecks, title: t('phone.check.title'), also: t('palette.also.check'), run: () => (check.open = true) },
      { id: 'connection', group: 'more', icon: Cable, title: t('phone.connection.open'), also: t('palette.also.connection'), run: () => router.push('/connection') },
      { id: 'keys', group: 'more', icon: Keyboard, title: t('phone.keys.title'), also: t('palette.also.keys'), key: keyText(settings.keys.help), run: () => perform('help') },
    ]
    const leave: Command = { id: 'leave', group: 'more', icon: LogOut, title: t('menu.signOut'), also: t('palette.also.signOut'), run: session.signOut }
    return [...pages, ...(phone.agent ? own : []), leave]
  })
}

/** Language, theme and density, but for the present ones. */
function useLooks() {
  const { t } = useWords()
  const preferences = usePreferences()
  return computed<Command[]>(() => [
    ...LANGUAGES.filter((one) => one !== preferences.language).map((one): Command => ({
      id: `language ${one}`,
      group: 'looks',
      icon: Languages,
      title: t('palette.language', { name: t(`language.${one}`) }),
      also: t('palette.also.language'),
      run: () => preferences.setLanguage(one),
    })),
    ...THEMES.filter((one) => one !== preferences.theme).map((one): Command => ({
      id: `theme ${one}`,
      group: 'looks',
      icon: SunMoon,
      title: t('palette.theme', { name: t(`menu.themes.${one}`) }),
      also: t('palette.also.theme'),
      run: () => (preferences.theme = one),
    })),
    ...DENSITIES.filter((one) => one !== preferences.density).map((one): Command => ({
      id: `density ${one}`,
      group: 'looks',
      icon: Rows3,
      title: t('palette.density', { name: t(`menu.densities.${one}`) }),
      also: t('palette.also.density'),
      run: () => (preferences.density = one),
    })),
  ])
}
