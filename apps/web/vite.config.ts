import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Builds the console into `dist/`. Assets carry their hash in the name, so that the control plane may let browsers keep
 * them for ever; nothing is inlined, so that the page works under `default-src 'self'`.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react()],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Our own packages only declare; what a page does not use of them need not be shipped.
      treeshake: { moduleSideEffects: (id) => !/[\\/]packages[\\/]/.test(id) },
    },
  },
})
