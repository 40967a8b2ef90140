import staticFiles from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../lib/problem.ts'
import { pagePolicy } from '../lib/page-policy.ts'

export interface ConsoleFilesOptions {
  /** Folder of the built console. */
  dir: string
  basePath: string
  /** Who may frame the console: CSP sources, `'self'` by default. */
  frameAncestors: readonly string[]
}

/** Serves the console: its files as they were compressed at build time, and its page for every other path. */
export const consoleFiles = fp<ConsoleFilesOptions>(
  async (app, { dir, basePath, frameAncestors }) => {
    await app.register(staticFiles, { root: dir, serve: false, preCompressed: true, index: false, cacheControl: false })
    // Top-level files are few and named by the build; whatever else stands there is a page of the console.
    const files = new Set((await readdir(dir)).filter((name) => name !== 'index.html'))
    const page = pageReader(join(dir, 'index.html'), basePath)

    // A worker is bound by the policy of its own file.
    const helmet = { contentSecurityPolicy: pagePolicy(frameAncestors) }
    app.get(`${basePath}/assets/*`, { config: { public: true }, schema: { hide: true }, helmet }, (request, reply) => {
      reply.header('cache-control', 'public, max-age=31536000, immutable')
      return reply.sendFile(`assets/${wildcardOf(request)}`)
    })
    app.get(`${basePath}/*`, { config: { public: true }, schema: { hide: true }, helmet }, async (request, reply) => {
      const path = wildcardOf(request)
      if (path === 'api' || path.startsWith('api/'))
        throw new ProblemError('not-found', `There is nothing at ${request.url.split('?')[0]}`)
      reply.header('cache-control', 'no-cache')
      if (files.has(path)) return reply.sendFile(path)
      return sendPage(reply)
    })
    if (basePath !== '') {
      app.get(basePath, { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
        reply.redirect(`${basePath}/`),
      )
    }

    async function sendPage(reply: FastifyReply): Promise<FastifyReply> {
      const nonce = randomBytes(16).toString('base64')
      await reply.helmet({ contentSecurityPolicy: pagePolicy(frameAncestors, nonce) })
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page(nonce))
    }
  },
  { name: 'console-files', dependencies: ['security-headers'] },
)

/** The page with its base path and nonce; read again when a new build has replaced it. */
function pageReader(path: string, basePath: string): (nonce: string) => string {
  let readAt = -1
  let html = ''
  return (nonce) => {
    const { mtimeMs } = statSync(path)
    if (mtimeMs !== readAt) {
      html = readFileSync(path, 'utf8').replace(/<base [^>]*>\s*/, '')
      readAt = mtimeMs
    }
    return html.replace(
      '<head>',
      `<head>\n    <base href="${basePath}/" />\n    <meta name="csp-nonce" content="${nonce}" />`,
    )
  }
}

function wildcardOf(request: FastifyRequest): string {
  const { params } = request
  return typeof params === 'object' && params !== null && '*' in params ? String(params['*']) : ''
}
