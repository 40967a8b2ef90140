// Command istio is Istio's control plane and its command-line tool:
//
//	istio istiod …    the control plane (pilot-discovery)
//	istio istioctl …  istioctl
//	istio json        YAML documents on stdin to a JSON array on stdout, so that
//	                  the driver can read manifests without a YAML parser
//
// Called by a link named istiod or istioctl it is that part.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"istio.io/istio/istioctl/cmd"
	"istio.io/istio/pilot/cmd/pilot-discovery/app"
	"istio.io/istio/pkg/log"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
)

func main() {
	part := filepath.Base(os.Args[0])
	if part == "istio" {
		if len(os.Args) < 2 {
			fmt.Fprintln(os.Stderr, "usage: istio istiod|istioctl|json [arguments]")
			os.Exit(1)
		}
		part = os.Args[1]
		os.Args = append([]string{part}, os.Args[2:]...)
	}

	switch part {
	case "istiod":
		exit(runIstiod())
	case "istioctl":
		exit(runIstioctl())
	case "json":
		exit(toJSON(os.Stdin, os.Stdout))
	default:
		fmt.Fprintln(os.Stderr, "istio: unknown part "+part)
		os.Exit(1)
	}
}

func runIstiod() error {
	log.EnableKlogWithCobra()
	return app.NewRootCommand().Execute()
}

func runIstioctl() error {
	if err := cmd.ConfigAndEnvProcessing(); err != nil {
		return err
	}
	root := cmd.GetRootCmd(os.Args[1:])
	log.EnableKlogWithCobra()
	return root.Execute()
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(cmd.GetExitCode(err))
	}
}
