/**
 * Rules of names, checked before a name reaches a path or a query.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (RFC 1123 labels and subdomains).
 */
export const LABEL_PATTERN = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'
export const SUBDOMAIN_PATTERN = '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$'
/** RBAC objects and a few others may hold `:`, upper case and `_`; a path segment must still be neither `.` nor `..` nor contain `/` or `%`. */
export const PATH_SEGMENT_PATTERN = '^(?!\\.{1,2}$)[A-Za-z0-9._:~-]{1,253}$'

const label = new RegExp(LABEL_PATTERN)
const subdomain = new RegExp(SUBDOMAIN_PATTERN)
const segment = new RegExp(PATH_SEGMENT_PATTERN)

/** A namespace is an RFC 1123 label. */
export const isNamespaceName = (text: string): boolean => label.test(text)
/** Clusters and meshes are named by RFC 1123 subdomains (they are names of our own resources). */
export const isClusterName = (text: string): boolean => subdomain.test(text)
/** The names that the API server lets into a path; most kinds are stricter and say so themselves. */
export const isResourceName = (text: string): boolean => segment.test(text)
