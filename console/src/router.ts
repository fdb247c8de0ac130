/** Pages, who may see them, and the way through the sign-in. */
import type { Component } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import {
  Activity,
  Headset,
  MessageSquareText,
  PanelsTopLeft,
  Phone,
  PhoneMissed,
  Split,
  Ticket,
  UsersRound,
} from '@lucide/vue'
import { useRoutingWords } from './i18n'
import * as may from './permissions'
import { useSession } from './stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    permission?: string
    open?: boolean
    /** The key of the page's name in the message files. */
    title?: string
  }
}

/** The rail's items in their order; a person sees the permitted ones. */
export const NAVIGATION: { key: string; to: string; icon: Component; permission: string }[] = [
  { key: 'desk', to: '/desk', icon: PanelsTopLeft, permission: may.OWN_STATE },
  { key: 'calls', to: '/calls', icon: Phone, permission: may.READ_CALLS },
  { key: 'missed', to: '/missed', icon: PhoneMissed, permission: may.READ_CALLS },
  { key: 'tickets', to: '/tickets', icon: Ticket, permission: may.READ_TICKETS },
  { key: 'customers', to: '/customers', icon: UsersRound, permission: may.READ_CALLS },
  { key: 'scripts', to: '/scripts', icon: MessageSquareText, permission: may.READ_SCRIPTS },
  { key: 'agents', to: '/agents', icon: Headset, permission: may.READ_AGENTS },
  { key: 'routing', to: '/routing', icon: Split, permission: may.SIMULATE },
  { key: 'system', to: '/system', icon: Activity, permission: may.READ_SYSTEM },
]

const home = (): string => (useSession().user?.role === 'agent' ? '/desk' : '/calls')

const PAGES: RouteRecordRaw[] = [
  // Not by `redirect`, which asks before anybody knows who is signed in.
  { path: '', name: 'home', component: () => import('./pages/MissingPage.vue'), beforeEnter: () => home() },
  {
    path: 'desk',
    name: 'desk',
    component: () => import('./pages/DeskPage.vue'),
    meta: { permission: may.OWN_STATE, title: 'desk.page' },
  },
  {
    path: 'calls',
    name: 'calls',
    component: () => import('./pages/CallsPage.vue'),
    meta: { permission: may.READ_CALLS, title: 'calls.page' },
  },
  {
    path: 'calls/:id',
    name: 'call',
    component: () => import('./pages/CallPage.vue'),
    meta: { permission: may.READ_CALLS, title: 'call.page' },
  },
  {
    path: 'tickets',
    name: 'tickets',
    component: () => import('./pages/TicketsPage.vue'),
    meta: { permission: may.READ_TICKETS, title: 'tickets.page' },
  },
  {
    path: 'tickets/:no',
    name: 'ticket',
    component: () => import('./pages/TicketsPage.vue'),
    meta: { permission: may.READ_TICKETS, title: 'tickets.page' },
  },
  {
    path: 'missed',
    name: 'missed',
    component: () => import('./pages/MissedPage.vue'),
    meta: { permission: may.READ_CALLS, title: 'missed.page' },
  },
  {
    path: 'customers',
    name: 'customers',
    component: () => import('./pages/CustomersPage.vue'),
    meta: { permission: may.READ_CALLS, title: 'work.customers.page' },
  },
  {
    path: 'customers/:id',
    name: 'customer',
    component: () => import('./pages/CustomerPage.vue'),
    meta: { permission: may.READ_CALLS, title: 'work.customer.page' },
  },
  {
    path: 'scripts',
    name: 'scripts',
    component: () => import('./pages/ScriptsPage.vue'),
    meta: { permission: may.READ_SCRIPTS, title: 'scripts.page' },
  },
  {
    path: 'scripts/:id',
    name: 'script',
    component: () => import('./pages/ScriptsPage.vue'),
    meta: { permission: may.READ_SCRIPTS, title: 'scripts.page' },
  },
  {
    path: 'agents',
    name: 'agents',
    component: () => import('./pages/AgentsPage.vue'),
    meta: { permission: may.READ_AGENTS, title: 'agents.page' },
  },
  {
    path: 'routing',
    name: 'routing',
    component: () => Promise.all([import('./pages/RoutingPage.vue'), useRoutingWords()]).then(([page]) => page),
    meta: { permission: may.SIMULATE, title: 'routingPage.page' },
  },
  {
    path: 'system',
    name: 'system',
    component: () => import('./pages/SystemPage.vue'),
    meta: { permission: may.READ_SYSTEM, title: 'system.page' },
  },
  {
    path: 'connection',
    name: 'connection',
    component: () => import('./pages/ConnectionPage.vue'),
    meta: { permission: may.OWN_STATE, title: 'phone.connection.page' },
  },
  { path: 'no-access', name: 'no-access', component: () => import('./pages/NoAccessPage.vue'), meta: { title: 'noAccess.page' } },
  { path: ':rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue'), meta: { title: 'notFound.page' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/login',
      name: 'login',
      component: () => import('./pages/LoginPage.vue'),
      meta: { open: true, title: 'login.page' },
    },
    { path: '/', component: () => import('./components/shell/AppShell.vue'), children: PAGES },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  await session.restore()
  if (to.meta.open) return session.user ? { path: '/' } : true
  if (!session.user) return { name: 'login', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (!session.can(to.meta.permission ?? null)) return { name: 'no-access', replace: true }
  return true
})
