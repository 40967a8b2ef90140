/**
 * Regular expressions in the spelling of RE2, matched in linear time. Expressions come from whoever may write a rule and
 * are tried by a server: one that JavaScript's own engine tries by going back and forth could hold it up for hours.
 * Source: https://github.com/google/re2/wiki/Syntax; the method is Thompson's.
 */
type Test = (letter: string) => boolean
type Node =
  | { type: 'test'; test: Test }
  | { type: 'start' | 'end' | 'empty' }
  | { type: 'word'; inside: boolean }
  | { type: 'cat' | 'or'; parts: readonly Node[] }
  | { type: 'repeat'; part: Node; min: number; max: number }

/** RE2 refuses more repetitions than that. */
const MAX_REPEAT = 1000
const MAX_STATES = 5_000

class RegexError extends Error {}

/** Whether all of a text is what an expression means; undefined when it cannot be read, as far as this reader goes. */
export function matchesRegex(source: string, value: string): boolean | undefined {
  try {
    return run(compile(parse(source)), value)
  } catch (error) {
    if (error instanceof RegexError) return undefined
    throw error
  }
}

const isWord: Test = (letter) => /^\w$/.test(letter)
const isDigit: Test = (letter) => /^\d$/.test(letter)
const isSpace: Test = (letter) => /^[\t\n\f\r ]$/.test(letter)
const POSIX: Readonly<Record<string, Test>> = {
  alnum: (letter) => /^[0-9A-Za-z]$/.test(letter),
  alpha: (letter) => /^[A-Za-z]$/.test(letter),
  digit: isDigit,
  lower: (letter) => /^[a-z]$/.test(letter),
  upper: (letter) => /^[A-Z]$/.test(letter),
  space: isSpace,
  word: isWord,
  xdigit: (letter) => /^[0-9A-Fa-f]$/.test(letter),
}
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }

function parse(source: string): Node {
  const letters = [...source]
  let at = 0
  let flags = { ignoreCase: false, dotAll: false }
  const peek = (): string | undefined => letters[at]
  const eat = (text: string): boolean => {
    const found = letters.slice(at, at + text.length).join('') === text
    if (found) at += text.length
    return found
  }
  const literal = (letter: string): Node => {
    const { ignoreCase } = flags
    const lower = letter.toLowerCase()
    return { type: 'test', test: (each) => (ignoreCase ? each.toLowerCase() === lower : each === letter) }
  }
  const either = (): Node => {
    const parts = [sequence()]
    while (eat('|')) parts.push(sequence())
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'or', parts }
  }
  const sequence = (): Node => {
    const parts: Node[] = []
    while (at < letters.length && peek() !== '|' && peek() !== ')') parts.push(repeated(atom()))
    return { type: 'cat', parts }
  }
  const repeated = (part: Node): Node => {
    const range = /^\{(\d+)(,(\d*))?\}/.exec(letters.slice(at, at + 12).join(''))
    let found: Node
    if (eat('*')) found = { type: 'repeat', part, min: 0, max: Infinity }
    else if (eat('+')) found = { type: 'repeat', part, min: 1, max: Infinity }
    else if (eat('?')) found = { type: 'repeat', part, min: 0, max: 1 }
    else if (range) {
      at += range[0].length
      const min = Number(range[1])
      const max = range[2] === undefined ? min : range[3] === '' ? Infinity : Number(range[3])
      if (max < min || min > MAX_REPEAT || (max > MAX_REPEAT && max !== Infinity)) throw new RegexError('repeat')
      found = { type: 'repeat', part, min, max }
    } else return part
    // What is preferred makes no difference to whether all of a text fits.
    eat('?')
    if (['*', '+'].includes(peek() ?? '')) throw new RegexError('nested repeat')
    return found
  }
  const group = (): Node => {
    const before = flags
    const special = /^\?(?:P?<\w+>|([imsU]*)(?:-([imsU]+))?([:)]))/.exec(letters.slice(at, at + 80).join(''))
    if (peek() === '?' && special === null) throw new RegexError('group')
    if (special !== null) {
      at += special[0].length
      const [, on = '', off = '', end] = special
      flags = {
        ignoreCase: (flags.ignoreCase || on.includes('i')) && !off.includes('i'),
        dotAll: (flags.dotAll || on.includes('s')) && !off.includes('s'),
      }
      if (end === ')') return { type: 'empty' }
    }
    const inner = either()
    if (!eat(')')) throw new RegexError('open group')
    flags = before
    return inner
  }
  const atom = (): Node => {
    const letter = letters[at] ?? ''
    at += 1
    const { dotAll } = flags
    switch (letter) {
      case '(':
        return group()
      case '[':
        return { type: 'test', test: characterClass() }
      case '.':
        return { type: 'test', test: (each) => dotAll || each !== '\n' }
      case '^':
        return { type: 'start' }
      case '$':
        return { type: 'end' }
      case '\\':
        return escape()
      case '*':
      case '+':
      case '?':
        throw new RegexError('nothing to repeat')
      default:
        return literal(letter)
    }
  }
  const escape = (): Node => {
    const letter = letters[at] ?? ''
    at += 1
    if (letter === 'A') return { type: 'start' }
    if (letter === 'z') return { type: 'end' }
    if (letter === 'b' || letter === 'B') return { type: 'word', inside: letter === 'B' }
    const set = classOf(letter)
    return set ? { type: 'test', test: set } : literal(plain(letter))
  }
  const plain = (letter: string): string => {
    const code =
      letter === 'x' ? /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(letters.slice(at, at + 10).join('')) : null
    if (code) {
      at += code[0].length
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? '0', 16))
    }
    if (letter in ESCAPED) return ESCAPED[letter] ?? ''
    // Letters and digits that mean nothing here mean something in RE2 that is not known here, or nothing at all.
    if (letter === '' || /[0-9A-Za-z]/.test(letter)) throw new RegexError('escape')
    return letter
  }
  const characterClass = (): Test => {
    const isNegated = eat('^')
    const tests: Test[] = []
    const { ignoreCase } = flags
    const one = (): string | Test => {
      const posix = /^\[:(\^?)(\w+):\]/.exec(letters.slice(at, at + 12).join(''))
      if (posix) {
        at += posix[0].length
        const named = POSIX[posix[2] ?? '']
        if (named === undefined) throw new RegexError('class')
        return posix[1] === '^' ? (letter) => !named(letter) : named
      }
      const letter = letters[at]
      if (letter === undefined) throw new RegexError('open class')
      at += 1
      if (letter !== '\\') return letter
      const escaped = letters[at] ?? ''
      at += 1
      return classOf(escaped) ?? plain(escaped)
    }
    for (let first = true; first || peek() !== ']'; first = false) {
      const low = one()
      if (typeof low !== 'string') {
        tests.push(low)
        continue
      }
      let high = low
      if (peek() === '-' && letters[at + 1] !== ']') {
        at += 1
        const end = one()
        if (typeof end !== 'string' || end < low) throw new RegexError('range')
        high = end
      }
      tests.push((letter) => letter >= low && letter <= high)
    }
    at += 1
    const has: Test = (letter) => tests.some((test) => test(letter))
    const folded: Test = ignoreCase ? (letter) => has(letter.toLowerCase()) || has(letter.toUpperCase()) : has
    return isNegated ? (letter) => !folded(letter) : folded
  }
  const whole = either()
  if (at < letters.length) throw new RegexError('surplus')
  return whole
}

function classOf(letter: string): Test | undefined {
  const found = { d: isDigit, w: isWord, s: isSpace }[letter.toLowerCase()]
  if (found === undefined) return undefined
  return letter === letter.toLowerCase() ? found : (each) => !found(each)
}

/** A state either eats a letter, asks where it stands, or leads on to others; the last one is the end. */
interface State {
  test?: Test
  stands?: 'start' | 'end' | 'word' | 'no-word'
  next: number[]
}

function compile(root: Node): State[] {
  const states: State[] = []
  const add = (state: State): number => {
    if (states.length >= MAX_STATES) throw new RegexError('too large')
    return states.push(state) - 1
  }
  /** Builds a node in front of a state; gives its first. */
  let built = 0
  const build = (node: Node, next: number): number => {
    built += 1
    if (built > MAX_STATES) throw new RegexError('too large')
    switch (node.type) {
      case 'test':
        return add({ test: node.test, next: [next] })
      case 'empty':
        return next
      case 'start':
      case 'end':
        return add({ stands: node.type, next: [next] })
      case 'word':
        return add({ stands: node.inside ? 'no-word' : 'word', next: [next] })
      case 'cat':
        return node.parts.reduceRight((after, part) => build(part, after), next)
      case 'or':
        return add({ next: node.parts.map((part) => build(part, next)) })
      case 'repeat': {
        let first = next
        if (node.max === Infinity) {
          const loop: State = { next: [next] }
          first = add(loop)
          loop.next.push(build(node.part, first))
        } else {
          for (let count = node.min; count < node.max; count += 1)
            first = add({ next: [next, build(node.part, first)] })
        }
        for (let count = 0; count < node.min; count += 1) first = build(node.part, first)
        return first
      }
    }
  }
  const end = add({ next: [] })
  const start = build(root, end)
  return [...states, { next: [start] }]
}

function run(states: readonly State[], value: string): boolean {
  const letters = [...value]
  const isWordAt = (at: number): boolean => isWord(letters[at] ?? '')
  const follow = (from: readonly number[], at: number): Set<number> => {
    const found = new Set<number>()
    const left = [...from]
    const isBorder = isWordAt(at - 1) !== isWordAt(at)
    const stands = { start: at === 0, end: at === letters.length, word: isBorder, 'no-word': !isBorder }
    for (let state = left.pop(); state !== undefined; state = left.pop()) {
      if (found.has(state)) continue
      found.add(state)
      const { test, stands: where, next } = states[state] ?? { next: [] }
      if (test === undefined && (where === undefined || stands[where])) left.push(...next)
    }
    return found
  }
  let current = follow([states.length - 1], 0)
  for (const [at, letter] of letters.entries()) {
    const next = [...current].flatMap((state) => (states[state]?.test?.(letter) ? (states[state]?.next ?? []) : []))
    current = follow(next, at + 1)
  }
  return current.has(0)
}
