import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)
const COMPRESSIBLE = /\.(js|css|svg|json|wasm)$/
/** Below this a compressed copy saves nothing on the wire. */
const MIN_BYTES = 1024

/** Writes `.br` and `.gz` beside every asset that gains from it, so that the server only has to pick one. `index.html` is left out: the server writes the base path into it. */
export function precompress(): Plugin {
  let outDir = ''
  return {
    name: 'meshdeck-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true })
      for (const file of files.filter((name) => COMPRESSIBLE.test(name))) {
        const path = join(outDir, file)
        const content = await readFile(path)
        if (content.length < MIN_BYTES) continue
        const [br, gz] = await Promise.all([
          brotli(content, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
          }),
          deflate(content, { level: 9 }),
        ])
        await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
      }
    },
  }
}
