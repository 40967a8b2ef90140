import useMessage from 'antd/es/message/useMessage'
import useNotification from 'antd/es/notification/useNotification'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useProblemText } from '../components/problem-text.tsx'

/** Something to tell in passing. */
export type Notice = { kind: 'success'; text: string } | { kind: 'failure'; error: Error }

const FAILURE_SECONDS = 8

/** Shows each notice of a growing list once: successes as a line, failures with what to do. */
export function NoticeArea({ notices, container }: { notices: readonly Notice[]; container: HTMLElement }) {
  const [message, messageHolder] = useMessage({ getContainer: () => container })
  const [notification, notificationHolder] = useNotification({ getContainer: () => container, placement: 'topRight' })
  const describe = useProblemText()
  const shown = useRef(0)
  const show = useEffectEvent((notice: Notice) => {
    if (notice.kind === 'success') {
      void message.success(notice.text)
      return
    }
    const { title, hint, detail } = describe(notice.error)
    notification.error({ title, description: [hint, detail].filter(Boolean).join(' '), duration: FAILURE_SECONDS })
  })

  useEffect(() => {
    for (const notice of notices.slice(shown.current)) show(notice)
    shown.current = notices.length
  }, [notices])

  return (
    <>
      {messageHolder}
      {notificationHolder}
    </>
  )
}
