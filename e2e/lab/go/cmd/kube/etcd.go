package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"go.etcd.io/etcd/server/v3/embed"
)

// runEtcd serves a one-member etcd until it is told to stop. It fails when its
// ports are taken, so whoever answers on them afterwards is this process.
func runEtcd(arguments []string) error {
	flags := flag.NewFlagSet("etcd", flag.ExitOnError)
	dir := flags.String("data-dir", "", "directory of the data")
	client := flags.String("client-url", "", "address for clients")
	peer := flags.String("peer-url", "", "address for peers; nobody calls it, but etcd must have one")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	clientURL, err := url.Parse(*client)
	if err != nil {
		return err
	}
	peerURL, err := url.Parse(*peer)
	if err != nil {
		return err
	}

	config := embed.NewConfig()
	config.Name = "lab"
	config.Dir = *dir
	config.LogLevel = "warn"
	config.ListenClientUrls = []url.URL{*clientURL}
	config.AdvertiseClientUrls = config.ListenClientUrls
	config.ListenPeerUrls = []url.URL{*peerURL}
	config.AdvertisePeerUrls = config.ListenPeerUrls
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	// The lab is thrown away after use; waiting for the disk on every write
	// would only slow the tests down.
	config.UnsafeNoFsync = true
	config.AutoCompactionMode = "periodic"
	config.AutoCompactionRetention = "10m"

	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-stop:
		return nil
	case err := <-server.Err():
		return fmt.Errorf("etcd stopped: %w", err)
	}
}
