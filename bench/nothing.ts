import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";

/**
 * A provider that does nothing, in the same language and over the same protocol as ours: what a program costs with it, it costs
 * with any provider.
 */
type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

function answer<Request, Response>(make: (request: Request) => Response): Handler<Request, Response> {
  return (call, callback) => callback(null, make(call.request));
}

let made = 0;

const methods = {
  getPluginInfo: answer(() => new PluginInfo().setVersion("0.0.1")),
  checkConfig: answer((request: provider.CheckRequest) => new provider.CheckResponse().setInputs(request.getNews())),
  diffConfig: answer(() => new provider.DiffResponse()),
  configure: answer(() => new provider.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
  check: answer((request: provider.CheckRequest) => new provider.CheckResponse().setInputs(request.getNews())),
  diff: answer(() => new provider.DiffResponse().setChanges(provider.DiffResponse.DiffChanges.DIFF_NONE)),
  create: answer((request: provider.CreateRequest) =>
    new provider.CreateResponse()
      .setId(request.getPreview() ? "" : `made-${(made += 1)}`)
      .setProperties(request.getProperties()),
  ),
  read: answer((request: provider.ReadRequest) =>
    new provider.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs()),
  ),
  delete: answer(() => new Empty()),
  cancel: answer(() => new Empty()),
};

const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(ResourceProviderService as never, methods as never);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
process.on("SIGINT", () => process.exit(0));
