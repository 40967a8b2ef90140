import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { SessionMode } from '@meshdeck/contract'
import type { TokenReviewResult } from '@meshdeck/kube-client'
import { createHash } from 'node:crypto'
import { createExpiringCache } from '../lib/expiring-cache.ts'
import type { Caller } from '../lib/identity.ts'
import { isLoopbackHostHeader } from '../lib/loopback.ts'
import { ProblemError } from '../lib/problem.ts'
import { createTokenSealer, SESSION_SECONDS } from '../lib/sealed-token.ts'

const SESSION_COOKIE = 'meshdeck-session'
const TOKEN_REVIEW_TTL_MS = 60_000
const MAX_REVIEWED_TOKENS = 5_000

export interface SessionOptions {
  modes: readonly SessionMode[]
  basePath: string
  sessionKey?: string
  /** Asks the hub whose token this is, with Meshdeck's own credential. */
  reviewToken: (token: string) => Promise<TokenReviewResult>
  /** Name of the holder of the kubeconfig, for mode `local`. */
  localUser: () => Promise<{ name: string; groups: readonly string[] }>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without a session. Everything else is closed. */
    public?: boolean
  }
  interface FastifyRequest {
    /** Who asks. Throws on public routes, where nobody was asked to sign in. */
    caller: Caller
    callerIfAny: Caller | undefined
    /** Asks again whether the session holds; for streams that outlive it. */
    stillSignedIn(): Promise<boolean>
  }
  interface FastifyInstance {
    /** Every route with whether it is public, so that a test can try them all. */
    routeAccess: readonly { method: string; url: string; public: boolean }[]
  }
  interface FastifyReply {
    /** Checks a token and keeps it, sealed, in the browser's cookie. */
    signIn(token: string): Promise<Caller>
    signOut(): void
  }
}

/** Closed by default: a request to a route that is not `public` gets no further without a session. */
export const session = fp<SessionOptions>(
  async (app, options) => {
    const sealer = createTokenSealer(options.sessionKey)
    const reviews = createExpiringCache<TokenReviewResult>({
      ttlMs: TOKEN_REVIEW_TTL_MS,
      maxEntries: MAX_REVIEWED_TOKENS,
    })
    const callers = new WeakMap<FastifyRequest, Caller>()
    const routeAccess: { method: string; url: string; public: boolean }[] = []
    app.decorate('routeAccess', routeAccess)
    app.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat()) routeAccess.push({ method: one, url, public: config?.public === true })
    })
    await app.register(cookie)

    async function bearer(token: string, ambient: boolean): Promise<Caller> {
      const key = createHash('sha256').update(token).digest('base64url')
      const result = await reviews.get(key, () => options.reviewToken(token))
      if (!result.authenticated)
        throw new ProblemError('invalid-token', `The hub does not accept this token: ${result.error}`)
      return { mode: 'bearer', token, ambient, user: { name: result.user.username, groups: result.user.groups } }
    }

    async function identify(request: FastifyRequest): Promise<Caller> {
      if (options.modes.includes('bearer')) {
        const { authorization } = request.headers
        if (authorization !== undefined) return bearer(tokenOf(authorization), false)
        const sealed = request.cookies[SESSION_COOKIE]
        if (sealed !== undefined && sealed !== '') {
          const token = await sealer.open(sealed)
          if (token === undefined) throw new ProblemError('invalid-token', 'The session has run out; sign in again')
          return bearer(token, true)
        }
      }
      // A page of another site that resolves its own name to 127.0.0.1 would come with that name here (DNS rebinding).
      if (options.modes.includes('local') && isLoopbackHostHeader(request.headers.host)) {
        return { mode: 'local', ambient: true, user: await options.localUser() }
      }
      throw new ProblemError('unauthenticated', unauthenticatedDetail(options.modes))
    }

    app.decorateRequest('callerIfAny', {
      getter(this: FastifyRequest) {
        return callers.get(this)
      },
    })
    app.decorateRequest('caller', {
      getter(this: FastifyRequest) {
        const caller = callers.get(this)
        if (caller === undefined) throw new ProblemError('unauthenticated')
        return caller
      },
    })
    app.decorateRequest('stillSignedIn', async function (this: FastifyRequest) {
      try {
        await identify(this)
        return true
      } catch (error) {
        // A hub that cannot be reached just now says nothing about the session.
        return !(error instanceof ProblemError)
      }
    })
    app.decorateReply('signIn', async function (this: FastifyReply, token: string) {
      if (!options.modes.includes('bearer'))
        throw new ProblemError('bad-request', 'This Meshdeck knows no sign-in by token')
      const caller = await bearer(token, true)
      const sealed = await sealer.seal(token)
      if (sealed === undefined)
        throw new ProblemError(
          'too-large',
          'The token is too long to be kept in a cookie; use a token with fewer claims',
        )
      this.setCookie(SESSION_COOKIE, sealed, {
        ...cookieAttributes(this.request, options.basePath),
        maxAge: SESSION_SECONDS,
      })
      return caller
    })
    app.decorateReply('signOut', function (this: FastifyReply) {
      this.clearCookie(SESSION_COOKIE, cookieAttributes(this.request, options.basePath))
    })

    app.addHook('onRequest', async (request) => {
      if (request.routeOptions.config.public === true) return
      callers.set(request, await identify(request))
    })
  },
  { name: 'session' },
)

function tokenOf(authorization: string): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token === undefined)
    throw new ProblemError('invalid-token', 'The Authorization header must read "Bearer <token>"')
  return token
}

/** Browsers take Secure cookies over plain HTTP from loopback at best sometimes; from elsewhere it must be HTTPS. */
function cookieAttributes(request: FastifyRequest, basePath: string) {
  return {
    path: basePath === '' ? '/' : basePath,
    httpOnly: true,
    sameSite: 'lax',
    secure: !isLoopbackHostHeader(request.headers.host),
  } as const
}

function unauthenticatedDetail(modes: readonly SessionMode[]): string {
  return modes.includes('bearer')
    ? 'Sign in with a token of the hub, or send it as "Authorization: Bearer <token>"'
    : 'Meshdeck was started for this machine only; open it as http://localhost or http://127.0.0.1'
}
