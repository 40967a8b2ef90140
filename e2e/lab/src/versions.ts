/** What the Go module in `go/` is built from; written into the programs and the image tags. */
export const KUBERNETES_VERSION = 'v1.36.3'

/** A commit between two releases: releases of Istio's Go module are not served. */
export const ISTIO_VERSION = '1.31.0-alpha.eed52ebb66ad'

/**
 * Where the images of the lab's pods would be. `.invalid` never resolves, and nothing is pulled:
 * no container runs in the lab.
 */
export const IMAGE_HUB = 'lab.invalid'
