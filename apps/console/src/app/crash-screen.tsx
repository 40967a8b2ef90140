/** Shown when not even the texts could be loaded, so in both languages and without any of our components. */
export function CrashScreen({ error }: { error: Error }) {
  return (
    <div role="alert" style={{ padding: 40, fontFamily: 'system-ui, sans-serif', fontSize: 14 }}>
      <p>Meshdeck could not start. 无法启动 Meshdeck。</p>
      <p>
        <code>{error.message}</code>
      </p>
      <button type="button" onClick={() => window.location.reload()}>
        Reload · 重新加载
      </button>
    </div>
  )
}
