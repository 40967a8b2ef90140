/** Asked for by antd; jsdom lays nothing out, so there is nothing to observe. */
export function stubResizeObserver(): void {
  globalThis.ResizeObserver = class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  }
}
