/** Build and development settings of the console. */
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const platform = process.env.CALLWRIGHT_URL ?? 'http://127.0.0.1:8700'
const proxy = {
  '/api': { target: platform },
  '/readyz': { target: platform },
  '/live': { target: platform, ws: true },
}

export default defineConfig({
  plugins: [vue()],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      debug: fileURLToPath(new URL('./src/phone/noDebug.cjs', import.meta.url)),
    },
  },
  // What the console does not use is left out of the libraries: it would be in the first load.
  define: {
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2022',
    manifest: true,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  server: { port: 8790, proxy },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
})
