import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { leftOut } from './build/left-out.ts'
import { precompress } from './build/precompress.ts'

export default defineConfig({
  // Relative, so that one build works under any base path and inside any host page.
  base: './',
  plugins: [react(), precompress(), leftOut()],
  resolve: {
    alias: [
      {
        find: /^(@rc-component\/util\/(es|lib)|\.{1,2})\/getScrollBarSize$/,
        replacement: fileURLToPath(new URL('build/scrollbar-size.ts', import.meta.url)),
      },
    ],
  },
  build: {
    target: 'es2024',
    modulePreload: { polyfill: false },
    // Nothing may be inlined as data: into scripts or styles; the content security policy refuses it.
    assetsInlineLimit: 0,
    // graphviz carries its wasm inside its module; it is loaded only when a topology is drawn.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { index: 'index.html', meshdeck: 'src/mount.tsx' },
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: (chunk) => (chunk.name === 'meshdeck' ? 'meshdeck.js' : 'assets/[name]-[hash].js'),
      },
      // Our own packages hold definitions only; what a page does not name stays out of its chunk (TypeBox schemas above all).
      treeshake: { moduleSideEffects: [{ test: /\/packages\/(contract|kube|mesh)\/src\//, sideEffects: false }] },
    },
  },
  json: { stringify: true },
  server: {
    proxy: { '/api': process.env['MESHDECK_BFF'] ?? 'http://127.0.0.1:8080' },
  },
})
