export interface Difference {
  code: string
  /** Cases of the corpus, by what they are about; in all of them when it has nothing to do with the case. */
  cases: 'all' | readonly string[]
  why: string
}

/** Where istioctl and the analysis say different things of the corpus, and why. docs/analysis.md repeats it for people. */
export const EXPLAINED: readonly Difference[] = [
  {
    code: 'IST0132',
    cases: [
      'gateway that does not exist',
      'gateway that a Kubernetes Gateway was made into',
      'gateway named as early Istio did',
    ],
    why: 'The gateway is missing, which is said; that it also serves no host follows from it.',
  },
  {
    code: 'IST0101',
    cases: ['delegate that does not exist'],
    why: 'istioctl does not look at delegates; istiod drops such a route.',
  },
  {
    code: 'IST0130',
    cases: ['route behind a wider prefix'],
    why: 'All matches of the route are covered, so all of the route is unreachable; istioctl looks at single matches here.',
  },
  {
    code: 'IST0131',
    cases: ['route behind a wider prefix'],
    why: 'As above: said of the route, not again of its matches.',
  },
  {
    code: 'IST0165',
    cases: ['gateway that a Kubernetes Gateway was made into'],
    why: 'Told by the name; istioctl tells it only where the generated object is read, and calls it missing otherwise.',
  },
  {
    code: 'IST0101',
    cases: ['gateway that a Kubernetes Gateway was made into'],
    why: 'As above.',
  },
  {
    code: 'IST0101',
    cases: ['gateway named as early Istio did'],
    why: 'istiod still resolves the old form, so nothing is missing; MD1104 says to write it anew.',
  },
  {
    code: 'IST0133',
    cases: ['gateway named as early Istio did', 'failover that nothing triggers'],
    why: 'A warning of validation, which has a code of its own here (MD1104, MD0213).',
  },
  {
    code: 'IST0106',
    cases: [
      'delegate of a delegate',
      'expression that RE2 does not know',
      'protocol that Istio does not know',
      'HTTPS without TLS',
      'host that is only a namespace',
    ],
    why: 'An error of validation, which has a code of its own here (MD1113, MD1116, MD0601, MD0302, MD0303); all others istiod’s webhook refuses before they are there.',
  },
  {
    code: 'IST0101',
    cases: ['host that is not exported to here'],
    why: 'The host exists and is hidden, which MD1117 says.',
  },
  {
    code: 'IST0174',
    cases: [
      'narrower rule that loses mutual TLS',
      'clients of the mesh ask for what no server promises',
      'clients of a namespace ask for what no server promises',
      'plain namespace whose clients insist',
      'plain mesh whose clients insist',
    ],
    why: 'A wildcard that covers services is about these; istioctl looks for a service of that very name.',
  },
  {
    code: 'IST0101',
    cases: ['one certificate in two gateways'],
    why: 'Certificates are read live by the BFF; this case brings none along, and others hold what is said then.',
  },
  {
    code: 'IST0133',
    cases: [
      'patch beside another',
      'replacement that is none',
      'addition that is passed over',
      'removal that is passed over',
      'patch of one version of the proxy, and another one',
    ],
    why: 'Said of every EnvoyFilter there is, whatever it does.',
  },
  {
    code: 'IST0118',
    cases: ['appProtocol that Istio does not know'],
    why: 'MD0602 names the wrong value.',
  },
  {
    code: 'IST0102',
    cases: ['image for a webhook that does not look'],
    why: 'Said only of namespaces in which something runs; here no pod does.',
  },
]
