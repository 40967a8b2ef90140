/** What is drawn at a scale. Equal for equal detail: it changes a few times from afar to near, not with every pixel. */
export interface Detail {
  /** So far away that lines are thinner than a pixel: what is bad keeps a width that can be seen. */
  far: boolean
  nodeLabels: boolean
  edgeLabels: boolean
  arrows: boolean
  /** Letters and icons inside the rings. */
  glyphs: boolean
  /** How much larger the labels of edges are drawn, so that they can still be read from a little farther away. */
  labelScale: number
  /** The same for the names of nodes, which have more room around them: that of their row and of the gap beside it. */
  nameScale: number
  /** Titles of boxes keep about one size on the screen: this is how much larger they are drawn. */
  titleScale: number
}

const MAX_TITLE_SCALE = 16

/** Level of detail by scale: from afar shapes and colours, near by names, then numbers. */
export function detailAt(scale: number): Detail {
  return {
    far: scale < 0.3,
    arrows: scale >= 0.2,
    glyphs: scale >= 0.3,
    nodeLabels: scale >= 0.3,
    edgeLabels: scale >= 0.5,
    labelScale: scale >= 0.8 ? 1 : 1.35,
    nameScale: scale >= 0.8 ? 1 : scale >= 0.6 ? 1.35 : 2,
    titleScale: Math.min(MAX_TITLE_SCALE, 2 ** Math.max(0, Math.floor(-Math.log2(scale)))),
  }
}

export const sameDetail = (a: Detail, b: Detail): boolean => JSON.stringify(a) === JSON.stringify(b)
