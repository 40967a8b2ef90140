import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPortPicker, PortError, requireFree } from './ports.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
})

const occupy = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      servers.push(server)
      resolve()
    })
  })

describe('ports of a lab', () => {
  it('are the same each time for one directory, each once, below those of outgoing connections', async () => {
    const [first, again] = [createPortPicker('/some/lab-1'), createPortPicker('/some/lab-1')]
    const ports = [await first(), await first(), await first()]
    expect([await again(), await again(), await again()]).toEqual(ports)
    expect(new Set(ports).size).toBe(3)
    for (const port of ports) expect(port >= 20_000 && port < 32_768).toBe(true)
  })

  it('lie elsewhere for another directory', async () => {
    expect(await createPortPicker('/some/lab-1')()).not.toBe(await createPortPicker('/some/lab-2')())
  })

  it('pass over what is taken', async () => {
    const taken = await createPortPicker('/some/lab-3')()
    await occupy(taken)
    expect(await createPortPicker('/some/lab-3')()).toBeGreaterThan(taken)
  })

  it('are named with their use when they are taken at a later start', async () => {
    const port = await createPortPicker('/some/lab-4')()
    await expect(requireFree({ apiserver: port })).resolves.toBeUndefined()
    await occupy(port)
    await expect(requireFree({ apiserver: port })).rejects.toThrow(PortError)
    await expect(requireFree({ apiserver: port })).rejects.toThrow(
      `port ${port} (apiserver) is taken by another process`,
    )
  })
})
