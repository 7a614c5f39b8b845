// The AWS SDK for Go v2 as its documentation shows it: the environment names the endpoint.
//
//	clients COMMAND ARGUMENT...
//
// What the program saw goes to stdout, one JSON object a line; the test that started it judges.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

type seen map[string]any

func tell(what seen) {
	if err := json.NewEncoder(os.Stdout).Encode(what); err != nil {
		log.Fatal(err)
	}
}

// One of every byte, so that no encoding on the way can hide.
func everyByte() []byte {
	bytes := make([]byte, 256)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	return bytes
}

func main() {
	ctx := context.Background()
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	client := kinesis.NewFromConfig(settings)
	name := os.Args[2]
	switch os.Args[1] {
	case "round-trip":
		err = roundTrip(ctx, client, name)
	case "errors":
		err = refusals(ctx, client, name)
	case "subscribe":
		err = subscribe(ctx, client, name)
	case "firehose":
		err = deliver(ctx, firehose.NewFromConfig(settings), name)
	default:
		log.Fatal("no such command: ", os.Args[1])
	}
	if err != nil {
		log.Fatal(err)
	}
}
