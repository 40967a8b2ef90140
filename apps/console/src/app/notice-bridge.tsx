import AntApp from 'antd/es/app'
import { useEffect, useEffectEvent } from 'react'
import { useProblemText } from '../components/problem-text.tsx'
import type { Notices } from '../lib/query-client.ts'
import type { Console } from './console.ts'

/** Lets the query client speak through antd's notices, which live inside React. */
export function NoticeBridge({ console }: { console: Console }) {
  const { message, notification } = AntApp.useApp()
  const describe = useProblemText()
  const showFailure = useEffectEvent((error: Error) => {
    const { title, hint, detail } = describe(error)
    notification.error({ title, description: [hint, detail].filter(Boolean).join(' '), duration: 8 })
  })
  const showSuccess = useEffectEvent((text: string) => void message.success(text))

  useEffect(() => {
    const own: Notices = { success: (text) => showSuccess(text), failure: (error) => showFailure(error) }
    // oxlint-disable-next-line react/immutability -- the query client lives outside React and reads its speaker here
    console.notices.speaker = own
    return () => {
      if (console.notices.speaker === own) console.notices.speaker = undefined
    }
  }, [console])
  return null
}
