/** Hands a file to the user. `address` is a `data:` or `blob:` address. */
export function download(name: string, address: string): void {
  const link = document.createElement('a')
  link.download = name
  link.href = address
  link.click()
}

/** Hands a text to the user as a file. */
export function downloadText(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  download(name, address)
  URL.revokeObjectURL(address)
}
