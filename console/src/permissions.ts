/** Names of the permissions that pages and controls ask for, as the server grants them. */
export const READ_CALLS = 'calls.read'
export const REVEAL = 'calls.reveal'
export const READ_TICKETS = 'tickets.read'
export const READ_AGENTS = 'agents.read'
export const OWN_STATE = 'agents.own_state'
export const READ_QUEUES = 'queues.read'
export const READ_SYSTEM = 'system.read'
