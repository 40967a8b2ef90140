import type { ECharts } from '../../../charts/echarts.ts'
import type { Camera } from './camera.ts'
import { placed, WORLD } from './scene-option.ts'

/**
 * Looks at what is drawn from somewhere else. An option that says so would take ECharts as long as painting does, since
 * it goes through all elements for it; so the group that holds them is moved itself. Whatever option is set later has
 * to name the same place (`sceneOption`).
 */
export function moveWorld(chart: ECharts, camera: Camera): void {
  for (const root of chart.getZr().storage.getRoots()) {
    if ('childOfName' in root && typeof root.childOfName === 'function') root.childOfName(WORLD)?.attr(placed(camera))
  }
}
