/** Unix seconds as the value of a `datetime-local` input: local time without a zone. */
export function toLocalInput(at: number): string {
  const date = new Date(at * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** Reads the value of a `datetime-local` input; undefined when it is not complete. */
export function fromLocalInput(text: string): number | undefined {
  const ms = new Date(text).getTime()
  return text === '' || Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}
