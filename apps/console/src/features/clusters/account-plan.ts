import type { AccountPlan, PlanAccount } from '@meshdeck/contract'
import { credentialPaths } from '@meshdeck/contract'
import type { AccountChoice } from '@meshdeck/kube'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import type { KubeconfigInput } from './kubeconfig-field.tsx'

/** Whose credential is kept: the one that was brought (no choice), or that of an account made with it. */
export interface AccountState {
  choice: AccountChoice | undefined
  onChoose: (choice: AccountChoice | undefined) => void
  /** What would be made by the present choice, once it was asked for. */
  plan: AccountPlan | undefined
  error: Error | undefined
  isPlanning: boolean
  onPlan: () => void
  /** Nothing is made that was not shown before. */
  isReady: boolean
}

/** The choice of an account, and the plan for it; a plan says nothing about another kubeconfig or choice. */
export function useAccount(name: string, credential: KubeconfigInput): AccountState {
  const [choice, setChoice] = useState<AccountChoice>()
  const [planned, setPlanned] = useState<{ credential: KubeconfigInput; choice: AccountChoice }>()
  const query = useMutation({
    mutationFn: async (body: PlanAccount) => (await api.post<AccountPlan>(credentialPaths.accountPlan, body)).data,
    meta: { silent: true },
    gcTime: 0,
  })
  const isFresh = planned?.credential === credential && planned.choice === choice
  const plan = isFresh ? query.data : undefined
  return {
    choice,
    onChoose: setChoice,
    plan,
    error: isFresh && query.error ? query.error : undefined,
    isPlanning: query.isPending,
    onPlan: () => {
      if (choice === undefined) return
      const { kubeconfig, context } = credential
      setPlanned({ credential, choice })
      query.mutate({ name, kubeconfig, ...(context === '' ? {} : { context }), account: choice })
    },
    isReady: choice === undefined || plan?.ok === true,
  }
}
