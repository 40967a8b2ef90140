import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventParser, type ServerEvent } from './sse.ts'

function parse(chunks: readonly string[]): ServerEvent[] {
  const events: ServerEvent[] = []
  const feed = createEventParser((event) => events.push(event))
  chunks.forEach((chunk) => feed(chunk))
  return events
}

const STREAM =
  ': hello\n\nevent: change\ndata: {"a":1}\n\ndata: one\ndata:two\n\nretry: 5\r\n\r\nevent: ready\r\ndata: {}\r\n\r\n'
const EVENTS = [
  { event: 'change', data: '{"a":1}' },
  { event: 'message', data: 'one\ntwo' },
  { event: 'ready', data: '{}' },
]

describe('createEventParser', () => {
  it('reads events and passes over comments and fields that it does not use', () => {
    expect(parse([STREAM])).toEqual(EVENTS)
  })

  it('finds the same events however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length]
        expect(parse(places.map((from, index) => STREAM.slice(from, places[index + 1] ?? from)))).toEqual(EVENTS)
      }),
    )
  })

  it('keeps half an event for later', () => {
    expect(parse(['event: change\ndata: {}\n'])).toEqual([])
  })
})
