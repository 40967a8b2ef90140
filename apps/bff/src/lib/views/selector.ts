/** Whether a Service's selector finds labels. An empty or absent one finds nothing: such a service has its endpoints given. */
export function selects(
  selector: Readonly<Record<string, string>> | null | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const entries = Object.entries(selector ?? {})
  return (
    entries.length > 0 &&
    entries.every(([key, value]) => labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value)
  )
}
