import { Outlet } from '@tanstack/react-router'

/** Pages about the whole fleet: no side menu. */
export function FleetLayout() {
  return (
    <main className="md-main md-main-wide" tabIndex={-1}>
      <Outlet />
    </main>
  )
}
