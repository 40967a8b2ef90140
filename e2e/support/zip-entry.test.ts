import { deflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { zipEntry } from './zip-entry.ts'

/** Little-endian fields of two or four bytes. */
function fields(...parts: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    parts.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntLE(value, 0, bytes)
      return buffer
    }),
  )
}

/** An archive of files, each as it is or deflated. */
function zip(files: readonly { name: string; text: string; deflated: boolean }[]): Buffer {
  const bodies: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const { name, text, deflated } of files) {
    const data = deflated ? deflateRawSync(text) : Buffer.from(text)
    const shared = fields([2, 20], [2, 0], [2, deflated ? 8 : 0], [4, 0], [4, 0], [4, data.length], [4, text.length])
    const local = Buffer.concat([
      fields([4, 0x04034b50]),
      shared,
      fields([2, name.length], [2, 3]),
      Buffer.from(name),
      Buffer.alloc(3),
      data,
    ])
    entries.push(
      Buffer.concat([
        fields([4, 0x02014b50], [2, 20]),
        shared,
        fields([2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at]),
        Buffer.from(name),
      ]),
    )
    bodies.push(local)
    at += local.length
  }
  const directory = Buffer.concat(entries)
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, directory.length],
    [4, at],
    [2, 0],
  )
  return Buffer.concat([...bodies, directory, end])
}

it('takes one file out of an archive, and says what is not there', () => {
  const long = 'again and '.repeat(1_000)
  const archive = zip([
    { name: 'short', text: 'x', deflated: false },
    { name: 'long', text: long, deflated: true },
  ])
  expect(zipEntry(archive, 'long').toString()).toBe(long)
  expect(zipEntry(archive, 'short').toString()).toBe('x')
  expect(() => zipEntry(archive, 'none')).toThrow('there is no none in the archive')
  expect(() => zipEntry(Buffer.from('nonsense that is long enough to hold an end'), 'x')).toThrow('no ZIP archive')
})
