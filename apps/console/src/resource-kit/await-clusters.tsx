import { useQuery } from '@tanstack/react-query'
import { LoadingState, QueryView } from '../components/states.tsx'
import { meshQueries } from './mesh-queries.ts'

/** Stands in until the clusters of the mesh are known, and says why when nobody tells them. */
export function AwaitClusters() {
  const query = useQuery(meshQueries.list())
  return <QueryView query={query}>{() => <LoadingState />}</QueryView>
}
