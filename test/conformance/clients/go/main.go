// A client of the Go SDK that does what it is told: one JSON request a line on stdin, one JSON answer a line on stdout.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/yandex-cloud/go-genproto/yandex/cloud/operation"
	ycsdk "github.com/yandex-cloud/go-sdk"
	iamsdk "github.com/yandex-cloud/go-sdk/gen/iam"
	managersdk "github.com/yandex-cloud/go-sdk/gen/resourcemanager"
	"github.com/yandex-cloud/go-sdk/iamkey"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

type handler func(context.Context, *ycsdk.SDK, []byte) (proto.Message, error)

var calls = map[string]handler{
	"ServiceAccountService/Create":       of(accounts, (*iamsdk.ServiceAccountServiceClient).Create),
	"ServiceAccountService/Get":          of(accounts, (*iamsdk.ServiceAccountServiceClient).Get),
	"ServiceAccountService/List":         of(accounts, (*iamsdk.ServiceAccountServiceClient).List),
	"ServiceAccountService/Update":       of(accounts, (*iamsdk.ServiceAccountServiceClient).Update),
	"ServiceAccountService/Delete":       of(accounts, (*iamsdk.ServiceAccountServiceClient).Delete),
	"ApiKeyService/Create":               of(keys, (*iamsdk.ApiKeyServiceClient).Create),
	"ApiKeyService/Get":                  of(keys, (*iamsdk.ApiKeyServiceClient).Get),
	"ApiKeyService/List":                 of(keys, (*iamsdk.ApiKeyServiceClient).List),
	"ApiKeyService/Update":               of(keys, (*iamsdk.ApiKeyServiceClient).Update),
	"ApiKeyService/Delete":               of(keys, (*iamsdk.ApiKeyServiceClient).Delete),
	"FolderService/Get":                  of(folders, (*managersdk.FolderServiceClient).Get),
	"FolderService/ListAccessBindings":   of(folders, (*managersdk.FolderServiceClient).ListAccessBindings),
	"FolderService/UpdateAccessBindings": of(folders, (*managersdk.FolderServiceClient).UpdateAccessBindings),
}

func accounts(sdk *ycsdk.SDK) *iamsdk.ServiceAccountServiceClient { return sdk.IAM().ServiceAccount() }
func keys(sdk *ycsdk.SDK) *iamsdk.ApiKeyServiceClient             { return sdk.IAM().ApiKey() }
func folders(sdk *ycsdk.SDK) *managersdk.FolderServiceClient      { return sdk.ResourceManager().Folder() }

type message[Q any] interface {
	*Q
	proto.Message
}

// of makes a handler of a method of the SDK. Operations are waited for by the SDK's own waiter.
func of[C, Q any, M message[Q], A proto.Message](client func(*ycsdk.SDK) C, method func(C, context.Context, M, ...grpc.CallOption) (A, error)) handler {
	return func(ctx context.Context, sdk *ycsdk.SDK, request []byte) (proto.Message, error) {
		in := M(new(Q))
		if err := protojson.Unmarshal(request, in); err != nil {
			return nil, fmt.Errorf("the request is not readable: %w", err)
		}
		answer, err := method(client(sdk), ctx, in)
		if err != nil {
			return nil, err
		}
		started, isOperation := any(answer).(*operation.Operation)
		if !isOperation {
			return answer, nil
		}
		done, err := sdk.WrapOperation(started, nil)
		if err != nil {
			return nil, err
		}
		if err := done.Wait(ctx); err != nil {
			return nil, err
		}
		// The answer of a change of bindings is younger than this SDK's definitions.
		response, err := done.Response()
		if err != nil {
			return &operation.Operation{Id: done.Id()}, nil
		}
		return response, nil
	}
}

type signIn struct {
	Token string          `json:"token"`
	Key   json.RawMessage `json:"key"`
}

type order struct {
	Call    string          `json:"call"`
	As      signIn          `json:"as"`
	Request json.RawMessage `json:"request"`
}

func credentials(as signIn) (ycsdk.Credentials, error) {
	if as.Token != "" {
		return ycsdk.NewIAMTokenCredentials(as.Token), nil
	}
	var key iamkey.Key
	if err := json.Unmarshal(as.Key, &key); err != nil {
		return nil, err
	}
	return ycsdk.ServiceAccountKey(&key)
}

func run(ctx context.Context, line []byte) map[string]any {
	var next order
	if err := json.Unmarshal(line, &next); err != nil {
		return failed(err)
	}
	signedIn, err := credentials(next.As)
	if err != nil {
		return failed(err)
	}
	sdk, err := ycsdk.Build(ctx, ycsdk.Config{Credentials: signedIn, Endpoint: os.Getenv("CLOUD_ENDPOINT"), Plaintext: true})
	if err != nil {
		return failed(err)
	}
	defer sdk.Shutdown(ctx)
	call, known := calls[next.Call]
	if !known {
		return failed(fmt.Errorf("this client has no %s", next.Call))
	}
	answer, err := call(ctx, sdk, next.Request)
	if refusal, is := status.FromError(err); err != nil && is && refusal.Code() != codes.Unknown {
		return map[string]any{"refused": map[string]any{"code": int(refusal.Code()), "message": refusal.Message()}}
	} else if err != nil {
		return failed(err)
	}
	text, err := protojson.Marshal(answer)
	if err != nil {
		return failed(err)
	}
	return map[string]any{"answer": json.RawMessage(text)}
}

func failed(err error) map[string]any { return map[string]any{"failed": err.Error()} }

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		text, err := json.Marshal(run(context.Background(), lines.Bytes()))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(text))
	}
}
