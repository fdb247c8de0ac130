/** Whether the command palette is open; its program comes when it is first asked for. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const usePalette = defineStore('palette', () => ({ open: ref(false) }))
