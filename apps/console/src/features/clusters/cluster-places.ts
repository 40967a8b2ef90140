import { places, type Place } from '../../lib/places.ts'

const below = (cluster: string, form: string): Place => ({ to: `${places.cluster(cluster).to}/${form}` })

/** Forms of one cluster. Apart from `places`, which every page loads. */
export const clusterPlaces = {
  edit: (cluster: string): Place => below(cluster, '-edit'),
  renew: (cluster: string): Place => below(cluster, '-renew'),
}
