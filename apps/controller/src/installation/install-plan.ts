import type { Mesh } from '@meshdeck/kube'
import {
  INSTALL_STEPS,
  isRelease,
  READER_ACCOUNT,
  systemNamespaceOf,
  type InstallStep,
  type Planned,
} from '@meshdeck/mesh'
import { applyRelease } from '../helm/apply-release.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { secretText } from '../status/secret-text.ts'
import { applyObject } from './apply-object.ts'
import { ready, type Readiness } from './readiness.ts'
import type { Site } from './site.ts'

/** How far a step has come in a cluster, in words for who waits for it. */
export interface StepResult extends Readiness {
  step: InstallStep
}

/** A gateway's pods are made by istiod's webhook, and its rules are judged by istiod. */
const NEEDS_CONTROL_PLANE: readonly InstallStep[] = ['gateways', 'defaults']

/**
 * Brings a cluster nearer to a plan, step by step, and tells how far each has come. Goes as far as it can at once; what
 * needs what is not there yet is left for the next time. Can be broken off and repeated at any point.
 */
export async function installPlan(
  site: Site,
  mesh: Mesh,
  planned: readonly Planned[],
  signal: AbortSignal,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of INSTALL_STEPS) {
    const ofStep = planned.filter((each) => each.step === step)
    if (ofStep.length === 0) continue
    const awaited = NEEDS_CONTROL_PLANE.includes(step) ? results.find(isPendingControlPlane) : undefined
    const missing = step === 'reader' ? await missingReader(site, mesh, signal) : undefined
    const result = awaited ?? missing ?? worst(await applyAll(site, mesh, ofStep, signal)) ?? ready('Everything')
    results.push({ ...result, step })
    // What comes next needs what could not be written here.
    if (result.status === 'False') break
  }
  return results
}

const isPendingControlPlane = ({ step, status }: StepResult): boolean => step === 'controlPlane' && status !== 'True'

async function applyAll(
  site: Site,
  mesh: Mesh,
  planned: readonly Planned[],
  signal: AbortSignal,
): Promise<Readiness[]> {
  const found: Readiness[] = []
  for (const each of planned) {
    const result = isRelease(each)
      ? await applyRelease(site, mesh, each.release, signal)
      : await applyObject(site.client, mesh, each, signal)
    found.push(result)
    if (result.status === 'False') break
    // A release's objects may need the one before it.
    if (isRelease(each) && result.status !== 'True') break
  }
  return found
}

/** A token that is asked for before its account is there is deleted again by Kubernetes. */
async function missingReader({ client }: Site, mesh: Mesh, signal: AbortSignal): Promise<Readiness | undefined> {
  const account = { name: READER_ACCOUNT, namespace: systemNamespaceOf(mesh) }
  if ((await getIfThere(client, 'ServiceAccount', account, signal)) !== undefined) return undefined
  const message = `ServiceAccount ${READER_ACCOUNT} is not there yet; Istio's installation makes it.`
  return { status: 'Unknown', reason: 'Waiting', message }
}

/** The one of several findings that tells most: what failed, else what is under way, else the last. */
export function worst<T extends Readiness>(found: readonly T[]): T | undefined {
  return found.find(({ status }) => status === 'False') ?? found.find(({ status }) => status !== 'True') ?? found.at(-1)
}

/** Token and authority by which istiod may read a member, once Kubernetes has made them. */
export async function readerAccess(
  { client }: Site,
  planned: readonly Planned[],
  signal: AbortSignal,
): Promise<{ token: string; ca: string } | undefined> {
  const secret = planned.find((each) => each.step === 'reader')
  if (secret === undefined || isRelease(secret)) return undefined
  const there = await getIfThere(client, secret.kind, secret.object.metadata, signal)
  const token = secretText(there, 'token')
  const ca = secretText(there, 'ca.crt')
  return token === undefined || ca === undefined ? undefined : { token, ca }
}
