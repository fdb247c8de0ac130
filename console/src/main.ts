/** Starts the console: preferences before the first paint, then the session, then the page. */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { whenSignedOut } from './api/client'
import { i18n, useLanguage } from './i18n'
import { router } from './router'
import { usePreferences } from './stores/preferences'
import { useSession } from './stores/session'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'

const app = createApp(App)
app.use(createPinia())
app.use(i18n)
await useLanguage(usePreferences().language)
whenSignedOut(() => useSession().forget())
app.use(router)
app.mount('#app')
