// Runs the program of docs/languages.md by the Automation API: up or preview, on the stack dev of a folder. Prints the
// events of the engine, one a line; what the CLI prints goes to the other stream.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	_ "example.com/sdks/go/yandex/yandex"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

func main() {
	if err := drive(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func drive(ctx context.Context, verb, folder string) error {
	workspace, err := auto.NewLocalWorkspace(ctx, auto.WorkDir(folder), auto.Program(program))
	if err != nil {
		return err
	}
	stack, err := auto.SelectStack(ctx, "dev", workspace)
	if err != nil {
		return err
	}
	stream := make(chan events.EngineEvent)
	printed := make(chan error)
	go func() { printed <- print(stream) }()
	if verb == "up" {
		_, err = stack.Up(ctx, optup.EventStreams(stream), optup.ProgressStreams(os.Stderr))
	} else {
		_, err = stack.Preview(ctx, optpreview.EventStreams(stream), optpreview.ProgressStreams(os.Stderr))
	}
	if err != nil {
		return err
	}
	return <-printed
}

func print(stream <-chan events.EngineEvent) error {
	lines := json.NewEncoder(os.Stdout)
	for event := range stream {
		if err := lines.Encode(event.EngineEvent); err != nil {
			return err
		}
	}
	return nil
}
