import { createContext, use } from 'react'

/** The mesh whose pages are open. */
export interface MeshScope {
  mesh: string
  /** Clusters of the mesh; empty until known. */
  clusters: readonly string[]
}

export const MeshScopeContext = createContext<MeshScope | undefined>(undefined)

/** The mesh whose pages are open. Throws outside of them, which is a mistake in the routes. */
export function useMeshScope(): MeshScope {
  const scope = use(MeshScopeContext)
  if (!scope) throw new Error('useMeshScope outside of a mesh page')
  return scope
}
