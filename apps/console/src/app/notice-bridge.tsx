import { lazy, Suspense, useEffect, useState } from 'react'
import type { Notices } from '../lib/query-client.ts'
import type { Console } from './console.ts'
import type { Notice } from './notice-area.tsx'

/** Loaded with the first notice: most visits never see one. */
const NoticeArea = lazy(() => import('./notice-area.tsx').then((module) => ({ default: module.NoticeArea })))

/** Lets the query client speak: what it says is shown in the console's own container. */
export function NoticeBridge({ console }: { console: Console }) {
  const [notices, setNotices] = useState<readonly Notice[]>([])

  useEffect(() => {
    const add = (notice: Notice) => setNotices((known) => [...known, notice])
    const own: Notices = {
      success: (text) => add({ kind: 'success', text }),
      failure: (error) => add({ kind: 'failure', error }),
    }
    // oxlint-disable-next-line react/immutability -- the query client lives outside React and reads its speaker here
    console.notices.speaker = own
    return () => {
      if (console.notices.speaker === own) console.notices.speaker = undefined
    }
  }, [console])

  if (notices.length === 0) return null
  return (
    <Suspense fallback={null}>
      <NoticeArea notices={notices} container={console.host.root} />
    </Suspense>
  )
}
