/** Thrown when one line is longer than is accepted. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError'
}

/** Parses a stream of JSON values, one a line. Throws `SyntaxError` on a broken line, `LineTooLongError` above `maxBytes`. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<unknown> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end))
      const line = Buffer.concat(parts).toString('utf8')
      parts = []
      size = 0
      start = end + 1
      if (line.trim() !== '') yield JSON.parse(line)
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start))
      size += chunk.length - start
      if (size > maxBytes) throw new LineTooLongError(`a line of the stream is longer than ${maxBytes} bytes`)
    }
  }
  // What comes after the last line end was cut off in the middle: it is not an event.
}
