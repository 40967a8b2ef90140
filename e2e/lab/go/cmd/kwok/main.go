// Command kwok plays the kubelet of every node: it sets nodes Ready and pods
// Running without running anything.
//
//	kwok stages    print how nodes and pods behave, for --config
//	kwok …         the stand-in kubelet itself
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"sigs.k8s.io/kwok/kustomize/stage/node/fast"
	lease "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	podfast "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	"sigs.k8s.io/kwok/pkg/config"
	"sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "stages" {
		printStages()
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "kwok: "+err.Error())
		os.Exit(1)
	}
}

// printStages writes the stages that kwok's own installer would have created;
// used as a library, kwok starts without any.
func printStages() {
	stages := []string{
		fast.DefaultNodeInit,
		lease.DefaultNodeHeartbeatWithLease,
		podfast.DefaultPodReady,
		podfast.DefaultPodComplete,
		podfast.DefaultPodDelete,
	}
	fmt.Println(strings.Join(stages, "\n---\n"))
}

func run() error {
	// The global flags are read twice: here, leniently, for the configuration
	// that the command is built from, and by the command itself.
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}

	ctx, _ := log.InitFlags(signals.SetupSignalContext(), flags)
	ctx, err := config.InitFlags(ctx, flags)
	if err != nil {
		return err
	}
	command := cmd.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	return command.ExecuteContext(ctx)
}
