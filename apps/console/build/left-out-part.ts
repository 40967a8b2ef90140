/** Stands in for parts of antd's table that our lists do not use; see `left-out.ts`. Whoever renders it hears of that. */
// oxlint-disable-next-line import/no-default-export -- the modules that this one stands in for have one
export default function LeftOutPart(): never {
  throw new Error('this part of antd is left out of the build (apps/console/build/left-out.ts)')
}

/** Of the filter's drop-down: the keys of a column's own filters, of which there are none. */
export const flattenKeys = (): string[] => []
