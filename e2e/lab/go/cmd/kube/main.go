// Command kube is every part of a Kubernetes control plane in one program:
//
//	kube etcd | kube-apiserver | kube-controller-manager | kube-scheduler | kubectl | pki
//
// One program instead of five, because they share nearly all of their code:
// linking it once saves minutes of build and half a gigabyte of disk. Called by
// a link of one of these names it is that part.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	_ "time/tzdata" // the CronJob controller looks up time zones

	"github.com/spf13/cobra"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"

	"meshdeck.io/lab/internal/pki"
)

func main() {
	part := filepath.Base(os.Args[0])
	if part == "kube" {
		if len(os.Args) < 2 {
			fail("usage: kube etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl|pki [arguments]")
		}
		part = os.Args[1]
		// Each part parses os.Args itself, so it must see them as if it were alone.
		os.Args = append([]string{part}, os.Args[2:]...)
	}

	switch part {
	case "etcd":
		if err := runEtcd(os.Args[1:]); err != nil {
			fail(err.Error())
		}
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case "kube-scheduler":
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case "kubectl":
		runKubectl(kubectl.NewDefaultKubectlCommand())
	case "pki":
		if err := pki.Run(os.Stdin, os.Stdout); err != nil {
			fail(err.Error())
		}
	default:
		fail("unknown part " + part)
	}
}

func runKubectl(command *cobra.Command) {
	if err := cli.RunNoErrOutput(command); err != nil {
		kubectlutil.CheckErr(err)
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "kube: "+message)
	os.Exit(1)
}
